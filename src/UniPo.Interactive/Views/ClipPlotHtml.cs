namespace UniPo.Interactive;

/// <summary>Draws a clip plot: one chart for good tokens, one for bad ones, and the cases in a table.</summary>
internal sealed class ClipPlotHtml(ClipPlotContent content, HtmlWriter html)
{
    private static readonly PlotFrame _frame = new(420, 236, 46, 20, 408, 206);

    public void Write()
    {
        html.Open("div").Element("span", content.Title, ("class", "title")).Text(" ").Element("span", content.Region.InWords, ("class", "sub")).Close().Line();
        html.Open("div", ("class", "pair")).Line();
        Chart(positive: true);
        Chart(positive: false);
        html.Close().Line();
        if (content.Cases().Count > 0) Cases();
        foreach (var note in content.Notes()) html.Element("p", note, ("class", "note")).Line();
    }

    private void Chart(bool positive)
    {
        var (ratios, terms) = content.Curve(positive);
        var series = positive ? 0 : 1;
        var x = Axis.Between(0, content.Highest, _frame.Left, _frame.Right, 5);
        var y = positive ? Axis.Between(0, content.Highest, _frame.Bottom, _frame.Top, 4) : Axis.Between(-content.Highest, 0, _frame.Bottom, _frame.Top, 4);
        var plot = new PlotArea(html, _frame, x, y);
        html.Open("figure", ("data-sign", positive ? "1" : "-1")).Open("figcaption").Element("b", positive ? "A > 0" : "A < 0").Text(" ")
            .Element("span", positive ? "better than expected: to be raised" : "worse than expected: to be lowered", ("class", "sub")).Close().Line();
        plot.Open(Description(positive));
        plot.Grid("ratio");
        // The objective without a trust region, r·A, for comparison.
        plot.Rule(strong: false, $"M{Numbers.At(x.At(0))} {Numbers.At(y.At(0))}L{Numbers.At(x.At(content.Highest))} {Numbers.At(y.At(positive ? content.Highest : -content.Highest))}", "3 4");
        plot.Bound(1, "1");
        if (content.Lower is { } lower) plot.Bound(lower, Numbers.Short(lower));
        if (content.Upper is { } upper) plot.Bound(upper, Numbers.Short(upper));
        plot.OpenSeries(series);
        plot.Line(series, LinePlot.Line([.. ratios.Select(x.At)], [.. terms.Select(y.At)], int.MaxValue));
        Dots(plot, series, positive);
        html.Close();
        plot.Close();
        html.Close().Line();
    }

    private void Dots(PlotArea plot, int series, bool positive)
    {
        var dots = content.Tokens.Where(t => t.Advantage > 0 == positive && t.Ratio <= content.Highest).ToArray();
        string Path(bool stopped) => string.Concat(dots.Where(t => t.Stopped == stopped).Select(t => (Term: content.Region.At(t.Ratio, t.Advantage).Value / Math.Abs(t.Advantage), t.Ratio))
            .Where(t => t.Term >= plot.Y.Low && t.Term <= plot.Y.High)
            .DistinctBy(t => (int)(plot.X.At(t.Ratio) / 2)) // dots nearer than that are one to the eye
            .Select(t => LinePlot.Marker(0, plot.X.At(t.Ratio), plot.Y.At(t.Term))));
        if (Path(stopped: false) is { Length: > 0 } moving) plot.Fill(series, moving, ".55");
        if (Path(stopped: true) is { Length: > 0 } still)
            html.Shape("path", ("class", "o"), ("fill", "#ffffff"), ("stroke", PlotArea.Stroke(series)), ("d", still));
    }

    private string Description(bool positive)
    {
        var cases = string.Join(" ", content.Cases().Where(c => c.Positive == positive).Select(c => $"{content.Where(c.Zone)}: {c.Story}, {Numbers.Of(c.Tokens, "token")}."));
        return $"Term per unit of advantage against the ratio, from 0 to {Numbers.Short(content.Highest)}, for tokens {(positive ? "better" : "worse")} than expected. {cases}".TrimEnd();
    }

    private void Cases()
    {
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", "The six cases")).Open("table");
        html.Element("caption", "The six cases", ("class", "gone")).Open("thead").Open("tr");
        html.Element("th", "advantage", ("scope", "col")).Element("th", "ratio r", ("scope", "col")).Element("th", "what happens", ("scope", "col")).Element("th", "slope", ("scope", "col"));
        if (content.Report is not null) html.Element("th", "tokens", ("scope", "col"), ("class", "num"));
        html.Close().Close().Open("tbody", ("class", "rows")).Line();
        foreach (var one in content.Cases())
        {
            html.Open("tr").Element("th", one.Positive ? "A > 0" : "A < 0", ("scope", "row")).Element("td", content.Where(one.Zone), ("class", "num"));
            html.Element("td", one.Story).Element("td", one.Stopped ? "0" : "r·A");
            if (content.Report is not null) html.Element("td", Numbers.Count(one.Tokens), ("class", "num"));
            html.Close().Line();
        }
        html.Close().Close().Close().Line();
    }
}
