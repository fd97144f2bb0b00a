namespace UniPo.Interactive;

/// <summary>Writes the ranking of a comparison: each setting with its interval drawn on one scale.</summary>
internal sealed class ComparedRunsHtml(ComparedRunsContent content, HtmlWriter html)
{
    private const int Width = 140,
        Height = 22;

    public void Write()
    {
        html.Open("div", ("class", "scroll standings"), ("tabindex", "0"), ("role", "group"), ("aria-label", "Ranking"))
            .Open("table");
        html.Open("caption")
            .Element("span", "Ranking", ("class", "title"))
            .Text(" ")
            .Element("span", content.What, ("class", "sub"))
            .Close();
        html.Open("thead").Open("tr");
        foreach (
            var (heading, kind) in new (string, string?)[]
            {
                ("setting", null),
                ("mean and interval", "num"),
                ("on one scale", null),
                ("seeds", "num"),
                ("difference", "num"),
                ("so it is", null),
            }
        )
            html.Term(
                "th",
                heading,
                heading == "mean and interval" ? "confidence interval" : heading,
                ("scope", "col"),
                ("class", kind)
            );
        html.Close().Close().Open("tbody", ("class", "rows")).Line();
        foreach (var standing in content.Standings)
            Row(standing);
        html.Close().Close().Close().Line();
        html.Element("p", content.Note, ("class", "note")).Line();
    }

    private void Row(Standing standing)
    {
        html.Open("tr", ("data-series", Numbers.Count(standing.Series))).Element("th", standing.Label, ("scope", "row"));
        Number(standing.Reached);
        html.Open("td");
        if (standing.Reached is { } reached)
            Whisker(standing.Series, reached);
        html.Close().Element("td", Numbers.Count(standing.Reached?.Count ?? 0), ("class", "num"));
        Number(standing.Difference, signed: true);
        html.Element("td", standing.Verdict).Close().Line();
    }

    // The interval goes below the mean where both in a row would push the verdict out of sight.
    private void Number(Estimate? estimate, bool signed = false)
    {
        var (mean, interval) = ComparedRunsContent.Write(estimate, signed);
        html.Open("td", ("class", "num")).Text(mean);
        if (interval.Length > 0)
            html.Text(" ").Element("span", interval);
        html.Close();
    }

    private void Whisker(int series, Estimate reached)
    {
        var ends = content
            .Standings.Select(s => s.Reached)
            .OfType<Estimate>()
            .SelectMany(e => e.Count > 1 ? new[] { e.Low, e.High } : [e.Mean])
            .ToArray();
        var (low, high) = (ends.Min(), ends.Max());
        double At(double value) => high > low ? 8 + (value - low) / (high - low) * (Width - 16) : Width / 2.0;
        html.Open(
            "svg",
            ("width", Numbers.Count(Width)),
            ("height", Numbers.Count(Height)),
            ("class", "l" + Numbers.Count(series % Palette.Series)),
            ("aria-hidden", "true")
        );
        html.Shape("path", ("class", "grid"), ("stroke", "#dddddd"), ("d", $"M0 11h{Width}"));
        if (reached.Count > 1)
            html.Shape(
                "path",
                ("class", "c"),
                ("stroke", PlotArea.Stroke(series)),
                ("stroke-width", "2"),
                ("fill", "none"),
                (
                    "d",
                    $"M{Numbers.At(At(reached.Low))} 6v10M{Numbers.At(At(reached.High))} 6v10M{Numbers.At(At(reached.Low))} 11H{Numbers.At(At(reached.High))}"
                )
            );
        html.Shape(
            "path",
            ("class", "d"),
            ("fill", PlotArea.Stroke(series)),
            ("d", LinePlot.Marker(series, At(reached.Mean), 11))
        );
        html.Close();
    }
}
