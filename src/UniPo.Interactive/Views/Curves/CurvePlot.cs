namespace UniPo.Interactive;

/// <summary>Draws one panel of learning curves.</summary>
internal sealed class CurvePlot
{
    // An output must stay small: all lines of all panels share this many points.
    private const int AllPoints = 2200,
        FewestPoints = 29,
        MostPoints = 360;

    private readonly LearningCurvesContent _content;
    private readonly CurvePanel _panel;
    private readonly HtmlWriter _html;
    private readonly PlotArea _plot;
    private readonly int _points;

    public CurvePlot(LearningCurvesContent content, CurvePanel panel, HtmlWriter html)
    {
        (_content, _panel, _html) = (content, panel, html);
        _points = Math.Clamp(
            AllPoints
                / content.Panels.Count
                / panel.Curves.Sum(c =>
                    c.Low is null
                        ? content.Window > 1
                            ? 2
                            : 1
                        : 4
                ),
            FewestPoints,
            MostPoints
        );
        var frame = content.Frame;
        _plot = new PlotArea(
            html,
            frame,
            Axis.Steps(content.FirstStep, content.LastStep, frame.Left, frame.Right, frame.Width / 70),
            Axis.Round(
                Finite(c => c.Low ?? c.Mean).DefaultIfEmpty(0).Min(),
                Finite(c => c.High ?? c.Mean).DefaultIfEmpty(1).Max(),
                frame.Bottom,
                frame.Top,
                4,
                within: panel.Bounds
            )
        );
    }

    public void Write()
    {
        _plot.Open(Description());
        _plot.Grid("step");
        Rollouts();
        Kept();
        Warnings();
        for (var s = 0; s < _panel.Curves.Count; s++)
            Draw(s, _panel.Curves[s]);
        if (_content.Selected is { } step)
            Here(step);
        _plot.Close();
    }

    // Beside bands, which are a shade, a line gets what they can spare.
    private int LinePoints => _panel.Curves.Any(c => c.Low is not null) ? _points * 5 / 3 : _points;

    private string Description() =>
        $"{_panel.Metric.Label} over the steps. "
        + string.Join(
            " ",
            _panel.Curves.Select(c =>
                $"{c.Label}: first {c.At(c.FirstIndex)}, last {c.At(c.LastIndex)}, lowest {c.AtStep(c.LowestIndex)}, highest {c.AtStep(c.HighestIndex)}."
            )
        );

    private void Rollouts()
    {
        // Marks closer than six units would be a grey bar.
        if (_content.Rollouts is not { Length: > 0 and <= 50 } rollouts)
            return;
        _plot.Rule(strong: true, string.Concat(rollouts.Select(r => $"M{Numbers.At(_plot.X.At(r))} {_content.Frame.Bottom}v4")));
        _html.Line();
    }

    private void Kept()
    {
        if (_content.Kept.Count == 0)
            return;
        var path = string.Concat(_content.Kept.Select(s => $"M{Numbers.At(_plot.X.At(s))} {_content.Frame.Bottom}v-5"));
        _html.Shape("path", ("class", "kept"), ("stroke", "#333333"), ("d", path)).Line();
    }

    // A mark at the top of each panel: below it the reader sees what went wrong.
    private void Warnings()
    {
        if (_content.Warnings.Count == 0)
            return;
        var path = string.Concat(
            _content.Warnings.Select(w => $"M{Numbers.At(_plot.X.At(w.Step))} {_content.Frame.Top}l4-7h-8z")
        );
        _html.Shape("path", ("class", "warn"), ("fill", "#a33b3b"), ("d", path)).Line();
    }

    private void Here(int step)
    {
        var x = Numbers.At(_plot.X.At(step));
        _html.Shape(
            "path",
            ("class", "here"),
            ("stroke", "#555555"),
            ("stroke-dasharray", "3 3"),
            ("d", $"M{x} {_content.Frame.Top}V{_content.Frame.Bottom}")
        );
        var curve = _panel.Curves[0];
        var at = Array.IndexOf(curve.Steps, step);
        if (at >= 0 && double.IsFinite(_plot.Y.At(curve.Mean[at])))
            _html.Shape(
                "circle",
                ("class", "dot"),
                ("r", "3.5"),
                ("fill", "#555555"),
                ("cx", x),
                ("cy", Numbers.At(_plot.Y.At(curve.Mean[at])))
            );
        _html.Line();
    }

    private void Draw(int series, Curve curve)
    {
        var xs = curve.Steps.Select(s => _plot.X.At(s)).ToArray();
        var ys = Map(curve.Mean);
        var look = _content.Looks[series];
        _plot.OpenSeries(look);
        if (curve is { Low: { } low, High: { } high })
            _plot.Fill(look, LinePlot.Band(xs, Map(Possible(low)), Map(Possible(high)), _points / 2), ".16");
        var smooth = _content.Window > 1;
        _plot.Line(look, LinePlot.Line(xs, ys, LinePoints), smooth ? "1" : "1.75", smooth ? ".4" : null, LinePlot.Dash(look));
        if (smooth)
            _plot.Line(
                look,
                LinePlot.Line(xs, Map(LinePlot.Smooth(curve.Mean, _content.Window)), LinePoints),
                dash: LinePlot.Dash(look)
            );
        if (_panel.Curves.Count > 1)
            _plot.Fill(look, LinePlot.Markers(look, series, _panel.Curves.Count, xs, ys, LinePoints));
        _html.Close().Line();
    }

    // An interval may reach beyond what the metric can be; the picture does not.
    private double[] Possible(double[] values) =>
        _panel.Bounds is { } can ? [.. values.Select(v => double.IsFinite(v) ? Math.Clamp(v, can.Low, can.High) : v)] : values;

    private double[] Map(double[] values) => [.. values.Select(v => double.IsFinite(v) ? _plot.Y.At(v) : v)];

    private IEnumerable<double> Finite(Func<Curve, double[]> values) => _panel.Curves.SelectMany(values).Where(double.IsFinite);
}
