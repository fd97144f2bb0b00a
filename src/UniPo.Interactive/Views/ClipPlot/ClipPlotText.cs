namespace UniPo.Interactive;

/// <summary>Writes a clip plot as text: the term at some ratios, and the six cases.</summary>
internal sealed class ClipPlotText(ClipPlotContent content, TextPage page)
{
    public void Write()
    {
        page.Line($"{content.Title}: {content.Region.InWords}").Line();
        double[] ratios = [.. new[] { 0, 0.5, content.Lower ?? 0.8, 1, content.Upper ?? 1.2, 1.5 }.Distinct().Order()];
        page.Table(
            [
                ["ratio r", .. ratios.Select(r => Numbers.Short(r))],
                ["term per |A|, A > 0", .. ratios.Select(r => Numbers.Short(content.Region.At(r, 1).Value))],
                ["term per |A|, A < 0", .. ratios.Select(r => Numbers.Short(content.Region.At(r, -1).Value))],
            ],
            0
        );
        if (content.Cases() is { Count: > 0 } cases)
            page.Line()
                .Table(
                    [
                        (string[])["advantage", "ratio r", "what happens", "slope", "tokens"],
                        .. cases.Select(c =>
                            (string[])
                                [
                                    c.Positive ? "A > 0" : "A < 0",
                                    content.Where(c.Zone),
                                    c.Story,
                                    c.Stopped ? "0" : "r·A",
                                    content.Report is null ? "" : Numbers.Count(c.Tokens),
                                ]
                        ),
                    ],
                    0,
                    1,
                    2,
                    3
                );
        if (content.Notes().Any())
            page.Line();
        foreach (var note in content.Notes())
            page.Line(note);
    }
}
