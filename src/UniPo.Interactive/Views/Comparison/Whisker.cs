namespace UniPo.Interactive;

/// <summary>An interval and its mean on a scale that all rows share.</summary>
internal sealed class Whisker(HtmlWriter html, double low, double high, int look)
{
    private const int Width = 140,
        Height = 22;

    public void Draw(Estimate reached)
    {
        html.Open(
            "svg",
            ("width", Numbers.Count(Width)),
            ("height", Numbers.Count(Height)),
            ("class", "l" + Numbers.Count(look)),
            ("aria-hidden", "true")
        );
        html.Shape("path", ("class", "grid"), ("stroke", "#dddddd"), ("d", $"M8 8v6M8 11H{Width - 8}M{Width - 8} 8v6"));
        if (reached.Count > 1)
        {
            var (from, to) = (At(reached.Low), At(reached.High));
            html.Shape(
                "path",
                ("class", "c"),
                ("stroke", PlotArea.Stroke(look)),
                ("stroke-width", "2"),
                ("fill", "none"),
                ("d", $"M{from} 6v10M{to} 6v10M{from} 11H{to}")
            );
        }
        html.Shape(
            "path",
            ("class", "d"),
            ("fill", PlotArea.Stroke(look)),
            ("d", LinePlot.Marker(look, Place(reached.Mean), 11))
        );
        html.Close();
    }

    private double Place(double value) => 8 + (Math.Clamp(value, low, high) - low) / (high - low) * (Width - 16);

    private string At(double value) => Numbers.At(Place(value));
}
