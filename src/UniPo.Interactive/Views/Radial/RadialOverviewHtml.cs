namespace UniPo.Interactive;

/// <summary>Draws a radial overview: steps run clockwise from the top, one ring a metric.</summary>
internal sealed class RadialOverviewHtml(LearningCurvesContent content, HtmlWriter html)
{
    private const double Centre = 250,
        Outer = 216,
        RingHeight = 38,
        Gap = 8,
        Opening = 0.06;
    private const int MostPoints = 400;

    public void Write()
    {
        if (content.Nothing is { } sentence)
        {
            html.Element("p", sentence, ("class", "note"));
            return;
        }
        html.Heading(content.Title, content.Subtitle);
        html.Open("div", ("class", "dial")).Line();
        html.Open("svg", ("viewBox", "0 0 500 500"), ("width", "500"), ("role", "img"), ("aria-label", Description())).Line();
        for (var r = 0; r < content.Panels.Count; r++)
            Ring(r, content.Panels[r]);
        Clock();
        html.Close().Line();
        html.Open("div");
        Keys();
        new Fold("Numbers", content.Table).Write(html);
        html.Close().Close().Line();
        foreach (var note in content.Notes())
            html.Element("p", note, ("class", "note")).Line();
    }

    private string Description() =>
        "Rings around a clock of the steps, from the outside: "
        + string.Join(
            "; ",
            content.Panels.Select(p =>
                $"{p.Metric.Label} from {p.Curves[0].At(p.Curves[0].LowestIndex)} to {p.Curves[0].At(p.Curves[0].HighestIndex)}"
            )
        )
        + ".";

    // A small opening at the top keeps the first step apart from the last.
    private double Angle(double step) =>
        content.LastStep == content.FirstStep
            ? Math.PI
            : Opening + (step - content.FirstStep) / (content.LastStep - content.FirstStep) * (2 * Math.PI - 2 * Opening);

    private static (double X, double Y) At(double angle, double radius) =>
        (Centre + radius * Math.Sin(angle), Centre - radius * Math.Cos(angle));

    private static double Inner(int ring) => Outer - RingHeight - ring * (RingHeight + Gap);

    private void Ring(int ring, CurvePanel panel)
    {
        var curve = panel.Curves[0];
        var inner = Inner(ring);
        foreach (var radius in new[] { inner, inner + RingHeight })
            html.Shape(
                "circle",
                ("class", "ring"),
                ("fill", "none"),
                ("stroke", "#dddddd"),
                ("cx", Numbers.At(Centre)),
                ("cy", Numbers.At(Centre)),
                ("r", Numbers.At(radius))
            );
        if (curve.FirstIndex < 0)
            return;
        var (low, high) = (curve.Mean[curve.LowestIndex], curve.Mean[curve.HighestIndex]);
        double Radius(double value) => inner + (high > low ? (value - low) / (high - low) : 0.5) * RingHeight;
        html.Open("g", ("class", "l" + Numbers.Count(ring)));
        var path = new SvgPath();
        var run = new List<int>();
        foreach (var i in Downsampling.Keep(curve.Mean, MostPoints).Append(-1))
        {
            if (i >= 0 && double.IsFinite(curve.Mean[i]))
            {
                run.Add(i);
                continue;
            }
            foreach (var k in run)
                Go(path, Angle(curve.Steps[k]), Radius(curve.Mean[k]));
            foreach (var k in Enumerable.Reverse(run))
                Go(path, Angle(curve.Steps[k]), inner);
            if (run.Count > 0)
                path.Close();
            run.Clear();
        }
        html.Shape(
            "path",
            ("class", "fill"),
            ("fill", PlotArea.Stroke(ring)),
            ("fill-opacity", ".25"),
            ("stroke", PlotArea.Stroke(ring)),
            ("stroke-width", "1.5"),
            ("stroke-linejoin", "round"),
            ("d", path.ToString())
        );
        html.Close().Line();

        static void Go(SvgPath path, double angle, double radius)
        {
            var (x, y) = At(angle, radius);
            path.To(x, y);
        }
    }

    private void Clock()
    {
        var axis = Axis.Steps(content.FirstStep, content.LastStep, 0, 1, 8);
        foreach (var tick in axis.Ticks)
        {
            var angle = Angle(tick);
            var ((x1, y1), (x2, y2), (tx, ty)) = (At(angle, Outer), At(angle, Outer + 6), At(angle, Outer + 18));
            html.Shape(
                "path",
                ("class", "zero"),
                ("stroke", "#888888"),
                ("d", $"M{Numbers.At(x1)} {Numbers.At(y1)}L{Numbers.At(x2)} {Numbers.At(y2)}")
            );
            html.Element(
                "text",
                Numbers.Count((long)tick),
                ("x", Numbers.At(tx)),
                ("y", Numbers.At(ty + 4)),
                ("text-anchor", "middle"),
                ("font-size", "11"),
                ("fill", "#666666")
            );
        }
        html.Element(
            "text",
            Numbers.Of(content.View.Runs[0].Steps.Count, "step"),
            ("class", "centre"),
            ("x", Numbers.At(Centre)),
            ("y", Numbers.At(Centre + 5)),
            ("text-anchor", "middle"),
            ("font-size", "14"),
            ("fill", "#333333")
        );
        html.Line();
    }

    private void Keys()
    {
        html.Open("ul", ("class", "runs"));
        for (var r = 0; r < content.Panels.Count; r++)
        {
            var (metric, curve) = (content.Panels[r].Metric, content.Panels[r].Curves[0]);
            html.Open("li")
                .Open("svg", ("width", "14"), ("height", "12"), ("aria-hidden", "true"), ("class", "l" + Numbers.Count(r)));
            html.Shape("path", ("class", "d"), ("fill", PlotArea.Stroke(r)), ("d", "M0 1h12v10h-12z")).Close();
            html.Text($"ring {r + 1}: ")
                .Term("span", metric)
                .Text(" ")
                .Element(
                    "span",
                    $"{curve.At(curve.LowestIndex)} to {curve.At(curve.HighestIndex)}{(metric.Unit.Length > 0 ? " " + metric.Unit : "")}",
                    ("class", "sub")
                )
                .Close();
        }
        html.Close().Line();
    }
}
