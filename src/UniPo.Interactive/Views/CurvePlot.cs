namespace UniPo.Interactive;

/// <summary>Draws one panel of learning curves.</summary>
internal sealed class CurvePlot(LearningCurvesContent content, CurvePanel panel, HtmlWriter html)
{
    private const int Width = 360, Height = 190, Left = 46, Right = 350, Top = 10, Bottom = 164, MostPoints = 360;

    private readonly Axis _x = Axis.Steps(content.FirstStep, content.LastStep, Left, Right, 5);
    private readonly Axis _y = Axis.Round(Lowest(panel), Highest(panel), Bottom, Top, 4);

    public void Write()
    {
        html.Open("svg", ("viewBox", $"0 0 {Width} {Height}"), ("width", Numbers.Count(Width)), ("role", "img"), ("aria-label", Description()),
            ("data-plot", $"{Left} {Top} {Right} {Bottom}"), ("data-range", string.Join(' ', new[] { _x.Low, _x.High, _y.Low, _y.High }.Select(Numbers.Twelve)))).Line();
        Grid();
        for (var s = 0; s < panel.Curves.Count; s++) Curve(s, panel.Curves[s]);
        html.Close().Line();
    }

    private string Description() => $"{panel.Metric.Label} over the steps. " + string.Join(" ", panel.Curves.Select(c =>
        $"{c.Label}: first {c.At(c.FirstIndex)}, last {c.At(c.LastIndex)}, lowest {c.AtStep(c.LowestIndex)}, highest {c.AtStep(c.HighestIndex)}."));

    private void Grid()
    {
        foreach (var tick in _y.Ticks)
        {
            var y = Numbers.At(_y.At(tick));
            var zero = tick == 0;
            html.Shape("path", ("class", zero ? "zero" : "grid"), ("stroke", zero ? "#888888" : "#dddddd"), ("d", $"M{Left} {y}H{Right}"));
            html.Element("text", _y.Scale.Write(tick), ("x", Numbers.Count(Left - 7)), ("y", Numbers.At(_y.At(tick) + 3.5)), ("text-anchor", "end"), ("font-size", "10.5"), ("fill", "#666666"));
        }
        if (_y.Scale.Unit.Length > 0) html.Element("text", _y.Scale.Unit, ("x", "2"), ("y", Numbers.Count(Top - 3)), ("font-size", "10.5"), ("fill", "#666666"));
        foreach (var tick in _x.Ticks)
            html.Element("text", Numbers.Count((long)tick), ("x", Numbers.At(_x.At(tick))), ("y", "180"), ("text-anchor", "middle"), ("font-size", "10.5"), ("fill", "#666666"));
        html.Element("text", "step", ("x", "2"), ("y", "180"), ("font-size", "10.5"), ("fill", "#666666")).Line();
        // Marks closer than six units would be a grey bar.
        if (content.Rollouts is { Length: > 0 and <= 50 } rollouts)
            html.Shape("path", ("class", "zero"), ("stroke", "#888888"), ("d", string.Concat(rollouts.Select(r => $"M{Numbers.At(_x.At(r))} {Bottom}v4")))).Line();
    }

    private void Curve(int series, Curve curve)
    {
        var xs = curve.Steps.Select(s => _x.At(s)).ToArray();
        var ys = Map(curve.Mean);
        html.Open("g", ("class", LearningCurvesHtml.Line(series)));
        if (curve is { Low: { } low, High: { } high })
            html.Shape("path", ("class", "d"), ("fill", LearningCurvesHtml.Stroke(series)), ("fill-opacity", ".16"), ("d", LinePlot.Band(xs, Map(low), Map(high), MostPoints)));
        var smooth = content.Window > 1;
        Path(series, LinePlot.Line(xs, ys, MostPoints), smooth ? "1" : "1.75", smooth ? ".4" : null);
        if (smooth) Path(series, LinePlot.Line(xs, Map(LinePlot.Smooth(curve.Mean, content.Window)), MostPoints), "2", null);
        if (panel.Curves.Count > 1)
            html.Shape("path", ("class", "d"), ("fill", LearningCurvesHtml.Stroke(series)), ("d", LinePlot.Markers(series, panel.Curves.Count, xs, ys)));
        html.Close().Line();
    }

    private void Path(int series, string d, string width, string? opacity) => html.Shape("path", ("class", "c"), ("d", d), ("fill", "none"),
        ("stroke", LearningCurvesHtml.Stroke(series)), ("stroke-width", width), ("stroke-opacity", opacity), ("stroke-dasharray", LinePlot.Dash(series)),
        ("stroke-linejoin", "round"), ("stroke-linecap", "round"));

    private double[] Map(double[] values) => [.. values.Select(v => double.IsFinite(v) ? _y.At(v) : double.NaN)];

    private static double Lowest(CurvePanel panel) => Finite(panel, c => c.Low ?? c.Mean).DefaultIfEmpty(0).Min();

    private static double Highest(CurvePanel panel) => Finite(panel, c => c.High ?? c.Mean).DefaultIfEmpty(1).Max();

    private static IEnumerable<double> Finite(CurvePanel panel, Func<Curve, double[]> values) => panel.Curves.SelectMany(values).Where(double.IsFinite);
}
