namespace UniPo.Interactive;

/// <summary>Writes the ranking of a comparison as text.</summary>
internal sealed class ComparedRunsText(ComparedRunsContent content, TextPage page)
{
    public void Write()
    {
        page.Line($"Ranking by {content.What}").Line();
        page.Table(
            [
                (string[])["setting", "mean and interval", "seeds", "difference", "so it is"],
                .. content.Standings.Select(s =>
                    (string[])
                        [
                            s.Label,
                            Both(ComparedRunsContent.Write(s.Reached)),
                            Numbers.Count(s.Reached?.Count ?? 0),
                            Both(ComparedRunsContent.Write(s.Difference, signed: true)),
                            s.Verdict,
                        ]
                ),
            ],
            0,
            4
        );
        page.Line().Line(content.Note);
    }

    private static string Both((string Mean, string Interval) number) => $"{number.Mean} {number.Interval}".TrimEnd();
}
