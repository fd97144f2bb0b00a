namespace UniPo.Interactive;

/// <summary>Draws a clip plot: one chart for good tokens and one for bad ones, in the colours of push.</summary>
internal sealed class ClipCharts(ClipPlotContent content, HtmlWriter html)
{
    private static readonly PlotFrame _frame = new(420, 236, 46, 24, 408, 206);

    public void Write()
    {
        html.Open("div", ("class", "pair")).Line();
        Chart(positive: true);
        Chart(positive: false);
        html.Close().Line();
    }

    private void Chart(bool positive)
    {
        var (ratios, terms) = content.Curve(positive);
        var x = Axis.Between(0, content.Highest, _frame.Left, _frame.Right, 5);
        var y = positive
            ? Axis.Between(0, content.Highest, _frame.Bottom, _frame.Top, 4)
            : Axis.Between(-content.Highest, 0, _frame.Bottom, _frame.Top, 4);
        var plot = new PlotArea(html, _frame, x, y);
        html.Open("figure", ("data-sign", positive ? "1" : "-1"))
            .Open("figcaption")
            .Element("b", positive ? "A > 0" : "A < 0")
            .Text(" ")
            .Element(
                "span",
                positive ? "better than expected: to be raised" : "worse than expected: to be lowered",
                ("class", "sub")
            )
            .Close()
            .Line();
        plot.Open(Description(positive));
        plot.Grid("ratio");
        // What depends on the bounds: the script draws it anew when they are moved.
        html.Open("g", ("class", "live"));
        // The objective without a trust region, r·A, for comparison.
        plot.Rule(
            strong: false,
            $"M{Numbers.At(x.At(0))} {Numbers.At(y.At(0))}L{Numbers.At(x.At(content.Highest))} {Numbers.At(y.At(positive ? content.Highest : -content.Highest))}",
            "3 4"
        );
        // Bounds close to 1 need its place for their own labels.
        var crowded =
            content.Lower is { } below
            && content.Upper is { } above
            && Math.Min(x.At(1) - x.At(below), x.At(above) - x.At(1)) < 8;
        plot.Bound(1, crowded ? "" : "1");
        // After the lines, so that their labels stand out from them.
        if (content.Lower is { } lower && content.Upper is { } upper)
            Zones(plot, positive, lower, upper);
        html.Open("g", ("class", positive ? "raise" : "lower"));
        plot.Line(Push(positive), LinePlot.Line([.. ratios.Select(x.At)], [.. terms.Select(y.At)], int.MaxValue));
        Dots(plot, positive);
        html.Close().Close();
        plot.Close();
        html.Close().Line();
    }

    /// <summary>
    /// The three zones of the ratio: shaded where tokens are stopped, each with its number of tokens, and the bounds between
    /// them.
    /// </summary>
    private void Zones(PlotArea plot, bool positive, double lower, double upper)
    {
        double[] ends = [0, lower, Math.Min(upper, content.Highest), content.Highest];
        foreach (var zone in content.Cases().Where(c => c.Positive == positive))
        {
            var (from, to) = (plot.X.At(ends[zone.Zone + 1]), plot.X.At(ends[zone.Zone + 2]));
            if (zone.Stopped)
                html.Shape(
                    "path",
                    ("class", "stop"),
                    ("fill", "#888888"),
                    ("fill-opacity", ".12"),
                    ("d", $"M{Numbers.At(from)} {_frame.Top}H{Numbers.At(to)}V{_frame.Bottom}H{Numbers.At(from)}z")
                );
            var label = content.Report is null ? zone.Verb : $"{Numbers.Count(zone.Tokens)} {zone.Verb}";
            if (to - from >= 6 * label.Length)
                plot.Text(label, (from + to) / 2, positive ? _frame.Bottom - 7 : _frame.Top + 14, "middle");
        }
        plot.Bound(lower, Numbers.Short(lower), "end");
        plot.Bound(upper, Numbers.Short(upper), "start");
    }

    private void Dots(PlotArea plot, bool positive)
    {
        var dots = content
            .Tokens.Where(t => t.Advantage > 0 == positive && t.Ratio <= content.Highest)
            .OrderBy(t => t.Ratio)
            .ToArray();
        string Path(bool stopped) =>
            string.Concat(
                dots.Where(t => t.Stopped == stopped)
                    .Select(t => (Term: content.Region.At(t.Ratio, t.Advantage).Value / Math.Abs(t.Advantage), t.Ratio))
                    .Where(t => t.Term >= plot.Y.Low && t.Term <= plot.Y.High)
                    .DistinctBy(t => (int)(plot.X.At(t.Ratio) / 2)) // dots nearer than that are one to the eye
                    .Select(t => LinePlot.Marker(0, plot.X.At(t.Ratio), plot.Y.At(t.Term)))
            );
        if (Path(stopped: false) is { Length: > 0 } moving)
            plot.Fill(Push(positive), moving, ".55");
        if (Path(stopped: true) is { Length: > 0 } still)
            html.Shape("path", ("class", "o"), ("fill", "#ffffff"), ("stroke", Push(positive)), ("d", still));
    }

    private static string Push(bool positive) => Palette.Push(positive, dark: false).ToString();

    private string Description(bool positive)
    {
        var cases = string.Join(
            " ",
            content
                .Cases()
                .Where(c => c.Positive == positive)
                .Select(c => $"{content.Where(c.Zone)}: {c.Story}, {Numbers.Of(c.Tokens, "token")}.")
        );
        return $"Term per unit of advantage against the ratio, from 0 to {Numbers.Short(content.Highest)}, for tokens {(positive ? "better" : "worse")} than expected. {cases}".TrimEnd();
    }
}
