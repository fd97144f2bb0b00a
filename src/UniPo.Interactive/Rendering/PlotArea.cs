namespace UniPo.Interactive;

/// <summary>Where a plot lies in its drawing.</summary>
internal readonly record struct PlotFrame(int Width, int Height, int Left, int Top, int Right, int Bottom)
{
    /// <summary>The frame of a small chart, one of several.</summary>
    public static PlotFrame Panel { get; } = new(360, 190, 46, 10, 350, 164);

    /// <summary>The frame of a smaller chart, four in a row.</summary>
    public static PlotFrame Small { get; } = new(260, 146, 40, 10, 252, 120);
}

/// <summary>
/// A plot with its axes: ticks, grid lines, zero line and labels, all drawn with attributes so that they need no style sheet.
/// </summary>
internal sealed class PlotArea(HtmlWriter html, PlotFrame frame, Axis x, Axis y)
{
    /// <summary>Colour of labels on a page without style sheet.</summary>
    private const string Label = "#666666";

    /// <summary>Horizontal axis.</summary>
    public Axis X => x;

    /// <summary>Vertical axis.</summary>
    public Axis Y => y;

    /// <summary>Opens the drawing.</summary>
    /// <param name="description">What a reader who does not see it should know.</param>
    public void Open(string description) =>
        html.Open(
                "svg",
                ("viewBox", $"0 0 {frame.Width} {frame.Height}"),
                ("width", Numbers.Count(frame.Width)),
                ("role", "img"),
                ("aria-label", description),
                ("data-plot", $"{frame.Left} {frame.Top} {frame.Right} {frame.Bottom}"),
                ("data-range", string.Join(' ', new[] { x.Low, x.High, y.Low, y.High }.Select(Numbers.Twelve)))
            )
            .Line();

    /// <summary>Closes the drawing.</summary>
    public void Close() => html.Close().Line();

    /// <summary>Grid lines and numbers of both axes.</summary>
    /// <param name="below">What the horizontal axis shows.</param>
    public void Grid(string below)
    {
        foreach (var tick in y.Ticks)
        {
            var at = Numbers.At(y.At(tick));
            Rule(tick == 0, $"M{frame.Left} {at}H{frame.Right}");
            Text(y.Scale.Write(tick), frame.Left - 7, y.At(tick) + 3.5, "end");
        }
        if (y.Scale.Unit.Length > 0)
            Text(y.Scale.Unit, 2, frame.Top - 3, "start");
        foreach (var tick in x.Ticks)
            Text(x.Scale.Exponent == 0 ? x.Scale.Write(tick) : Numbers.Short(tick), x.At(tick), frame.Bottom + 16, "middle");
        Text(below, 2, frame.Bottom + 16, "start");
        html.Line();
    }

    /// <summary>A line that is not data: a grid line, or a stronger one for zero and bounds.</summary>
    public void Rule(bool strong, string path, string? dash = null) =>
        html.Shape(
            "path",
            ("class", strong ? "zero" : "grid"),
            ("stroke", strong ? "#888888" : "#dddddd"),
            ("fill", "none"),
            ("stroke-dasharray", dash),
            ("d", path)
        );

    /// <summary>A label.</summary>
    public void Text(string text, double at, double height, string anchor) =>
        html.Element(
                "text",
                text,
                ("x", Numbers.At(at)),
                ("y", Numbers.At(height)),
                ("text-anchor", anchor == "start" ? null : anchor),
                ("font-size", "11"),
                ("fill", Label)
            )
            .Text(" "); // where a page shows only texts, labels stay apart

    /// <summary>A vertical line through the whole plot with a label above it: over the line, or on one side of it.</summary>
    public void Bound(double value, string label, string anchor = "middle")
    {
        if (value < x.Low || value > x.High)
            return;
        Rule(strong: true, $"M{Numbers.At(x.At(value))} {frame.Top}V{frame.Bottom}", "4 3");
        if (label.Length > 0)
            Text(
                label,
                x.At(value)
                    + (
                        anchor == "middle" ? 0
                        : anchor == "end" ? -3
                        : 3
                    ),
                frame.Top - 4,
                anchor
            );
    }

    /// <summary>A line of a series.</summary>
    public void Line(int series, string path, string width = "2", string? opacity = null, string? dash = null) =>
        Line(Stroke(series), path, width, opacity, dash);

    /// <summary>A line of a colour.</summary>
    public void Line(string colour, string path, string width = "2", string? opacity = null, string? dash = null) =>
        html.Shape(
            "path",
            ("class", "c"),
            ("d", path),
            ("fill", "none"),
            ("stroke", colour),
            ("stroke-width", width),
            ("stroke-opacity", opacity),
            ("stroke-dasharray", dash),
            ("stroke-linejoin", "round"),
            ("stroke-linecap", "round")
        );

    /// <summary>A filled shape of a series.</summary>
    public void Fill(int series, string path, string? opacity = null) => Fill(Stroke(series), path, opacity);

    /// <summary>A filled shape of a colour.</summary>
    public void Fill(string colour, string path, string? opacity = null) =>
        html.Shape("path", ("class", "d"), ("fill", colour), ("fill-opacity", opacity), ("d", path));

    /// <summary>Opens a group whose lines and shapes have the colour of a series.</summary>
    public void OpenSeries(int series) => html.Open("g", ("class", "l" + Numbers.Count(series % Palette.Series)));

    /// <summary>The colour of a series on a page without style sheet.</summary>
    public static string Stroke(int series) => Palette.Line(series, dark: false).ToString();
}
