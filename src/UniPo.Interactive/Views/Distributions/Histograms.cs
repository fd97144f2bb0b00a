namespace UniPo.Interactive;

/// <summary>Draws distributions: one histogram for each column that was measured.</summary>
internal sealed class Histograms(HtmlWriter html)
{
    public void Draw(IReadOnlyList<Histogram> panels)
    {
        html.Open("div", ("class", "panels")).Line();
        foreach (var panel in panels)
            Panel(panel);
        html.Close().Line();
    }

    private void Panel(Histogram panel)
    {
        html.Open("figure", ("class", "panel"))
            .Open("figcaption")
            .Term("b", panel.Name)
            .Text(" ")
            .Element("span", panel.Unit, ("class", "sub"));
        html.Text(" ").Element("span", panel.Summary, ("class", "sub")).Close().Line();
        if (panel.Series.Count > 1)
            Legend(panel);
        var frame = PlotFrame.Panel with { Top = 18 };
        var plot = new PlotArea(
            html,
            frame,
            Axis.Between(panel.Edges[0], panel.Edges[^1], frame.Left, frame.Right, 5, panel.IsWhole),
            Axis.Round(0, panel.Most, frame.Bottom, frame.Top, 4, whole: true)
        );
        plot.Open(Description(panel));
        plot.Grid("");
        var below = new int[panel.Edges.Length - 1];
        for (var s = 0; s < panel.Series.Count; s++)
            Bars(plot, panel, s, below);
        foreach (var (at, label) in panel.Bounds)
            plot.Bound(at, label);
        plot.Close();
        html.Close().Line();
    }

    private void Legend(Histogram panel)
    {
        html.Open("ul", ("class", "runs"));
        for (var s = 0; s < panel.Series.Count; s++)
        {
            html.Open("li")
                .Open("svg", ("width", "12"), ("height", "12"), ("aria-hidden", "true"), ("class", "l" + Numbers.Count(s)));
            html.Shape(
                "path",
                ("class", s == 0 ? "d" : "o"),
                ("fill", s == 0 ? PlotArea.Stroke(s) : "#ffffff"),
                ("stroke", PlotArea.Stroke(s)),
                ("d", "M1 1h10v10h-10z")
            );
            html.Close().Text($"{panel.Series[s].Name}: {panel.Series[s].Counts.Sum()}").Close();
        }
        html.Close().Line();
    }

    // The first series is filled, the second only outlined and stands on it, so that they differ without colour.
    private void Bars(PlotArea plot, Histogram panel, int series, int[] below)
    {
        var counts = panel.Series[series].Counts;
        var path = string.Concat(
            Enumerable
                .Range(0, counts.Length)
                .Where(b => counts[b] > 0)
                .Select(b =>
                {
                    var (left, right) = (plot.X.At(panel.Edges[b]) + 0.6, plot.X.At(panel.Edges[b + 1]) - 0.6);
                    var (bottom, top) = (plot.Y.At(below[b]), plot.Y.At(below[b] + counts[b]));
                    below[b] += counts[b];
                    return $"M{Numbers.At(left)} {Numbers.At(bottom)}V{Numbers.At(top)}H{Numbers.At(right)}V{Numbers.At(bottom)}z";
                })
        );
        plot.OpenSeries(series);
        html.Shape(
            "path",
            ("class", series == 0 ? "d" : "o"),
            ("fill", series == 0 ? PlotArea.Stroke(series) : "#ffffff"),
            ("stroke", series == 0 ? null : PlotArea.Stroke(series)),
            ("d", path)
        );
        html.Close().Line();
    }

    private static string Description(Histogram panel) =>
        $"Histogram of {panel.Name}: {panel.Summary}. "
        + string.Join(
            " ",
            panel.Series.Select(s =>
                $"{s.Name}: most ({s.Counts.Max()}) between {Numbers.Short(panel.Edges[Array.IndexOf(s.Counts, s.Counts.Max())])} and {Numbers.Short(panel.Edges[Array.IndexOf(s.Counts, s.Counts.Max()) + 1])}."
            )
        );
}
