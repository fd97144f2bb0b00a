using System.Text.Json.Nodes;

namespace UniPo.Plotly;

/// <summary>A plotly figure under construction: panels side by side or below each other, lines, marks and bounds in them.</summary>
/// <param name="title">What the figure shows.</param>
/// <param name="panels">Number of panels, at least 1.</param>
/// <param name="columns">Panels in a row, at least 1.</param>
internal sealed class Figure(string title, int panels, int columns)
{
    private const double PanelHeight = 280,
        Gap = 0.14;

    // Okabe and Ito (2008): apart under every common colour-vision deficiency. Dashes and markers tell lines apart as well.
    private static readonly string[] _colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
    private static readonly string[] _dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];
    private static readonly string[] _symbols = ["circle", "square", "diamond", "triangle-up", "cross", "x"];

    private readonly JsonArray _data = [],
        _shapes = [];
    private readonly JsonObject _axes = [];

    /// <summary>The colour of a line.</summary>
    public static string Colour(int series) => _colours[series % _colours.Length];

    /// <summary>Names the axes of a panel and gives it its place.</summary>
    public void Panel(int panel, string x, string y)
    {
        var rows = (panels + columns - 1) / columns;
        _axes["xaxis" + Number(panel)] = Axis(x, "y" + Number(panel), panel % columns, columns);
        // Plotly counts rows from the bottom of the page.
        _axes["yaxis" + Number(panel)] = Axis(y, "x" + Number(panel), rows - 1 - (panel / columns), rows);
    }

    /// <summary>A line with its markers; what is not finite is a gap.</summary>
    public void Line(int panel, int series, string name, IEnumerable<double> xs, IEnumerable<double> ys, bool markers = true)
    {
        var trace = Trace("scatter", panel, name);
        trace["mode"] = markers ? "lines+markers" : "lines";
        trace["x"] = Numbers(xs);
        trace["y"] = Numbers(ys);
        trace["line"] = new JsonObject { ["color"] = Colour(series), ["dash"] = _dashes[series % _dashes.Length] };
        if (markers)
            trace["marker"] = new JsonObject { ["color"] = Colour(series), ["symbol"] = _symbols[series % _symbols.Length] };
    }

    /// <summary>Marks without a line.</summary>
    /// <param name="panel">Where.</param>
    /// <param name="series">Decides the colour.</param>
    /// <param name="name">Name in the legend.</param>
    /// <param name="points">Where they lie.</param>
    /// <param name="symbol">Plotly's name of the mark.</param>
    public void Marks(int panel, int series, string name, IReadOnlyList<(double X, double Y)> points, string symbol)
    {
        var trace = Trace("scatter", panel, name);
        trace["mode"] = "markers";
        trace["x"] = Numbers(points.Select(p => p.X));
        trace["y"] = Numbers(points.Select(p => p.Y));
        trace["marker"] = new JsonObject
        {
            ["color"] = Colour(series),
            ["symbol"] = symbol,
            ["opacity"] = 0.7,
        };
    }

    /// <summary>A histogram of numbers.</summary>
    public void Histogram(int panel, int series, string name, IEnumerable<double> values, int bars)
    {
        var trace = Trace("histogram", panel, name);
        trace["x"] = Numbers(values);
        trace["nbinsx"] = bars;
        trace["marker"] = new JsonObject { ["color"] = Colour(series) };
        trace["opacity"] = 0.75;
    }

    /// <summary>Named means with their intervals, one below the other.</summary>
    public void Whiskers(int panel, string name, IReadOnlyList<(string Name, double Mean, double Low, double High)> means)
    {
        var trace = Trace("scatter", panel, name);
        trace["mode"] = "markers";
        trace["x"] = Numbers(means.Select(m => m.Mean));
        trace["y"] = new JsonArray([.. means.Select(m => (JsonNode)Label(m.Name))]);
        trace["marker"] = new JsonObject { ["color"] = Colour(0), ["size"] = 9 };
        trace["error_x"] = new JsonObject
        {
            ["type"] = "data",
            ["symmetric"] = false,
            ["array"] = Numbers(means.Select(m => m.High - m.Mean)),
            ["arrayminus"] = Numbers(means.Select(m => m.Mean - m.Low)),
        };
    }

    /// <summary>A dotted line across a panel at a number of its horizontal axis.</summary>
    public void Bound(int panel, double at) =>
        _shapes.Add(
            new JsonObject
            {
                ["type"] = "line",
                ["xref"] = "x" + Number(panel),
                ["yref"] = $"y{Number(panel)} domain",
                ["x0"] = at,
                ["x1"] = at,
                ["y0"] = 0,
                ["y1"] = 1,
                ["line"] = new JsonObject { ["dash"] = "dot", ["width"] = 1 },
            }
        );

    /// <summary>The figure: <c>data</c> and <c>layout</c>.</summary>
    public JsonObject ToJson()
    {
        var layout = new JsonObject
        {
            ["title"] = new JsonObject { ["text"] = Label(title) },
            ["height"] = ((panels + columns - 1) / columns * PanelHeight) + 120,
            ["showlegend"] = _data.Count > 1,
        };
        foreach (var (name, axis) in _axes)
            layout[name] = axis!.DeepClone();
        if (_shapes.Count > 0)
            layout["shapes"] = _shapes.DeepClone();
        return new JsonObject { ["data"] = _data.DeepClone(), ["layout"] = layout };
    }

    /// <summary>Plain text as a label: plotly would read HTML in it.</summary>
    public static string Label(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static JsonObject Axis(string title, string anchor, int place, int places) =>
        new()
        {
            ["title"] = new JsonObject { ["text"] = Label(title) },
            ["anchor"] = anchor,
            ["domain"] = new JsonArray(
                (place + (place > 0 ? Gap / 2 : 0)) / places,
                (place + 1 - (place + 1 < places ? Gap : 0)) / places
            ),
            ["automargin"] = true,
        };

    private JsonObject Trace(string type, int panel, string name)
    {
        var trace = new JsonObject
        {
            ["type"] = type,
            ["name"] = Label(name),
            ["xaxis"] = "x" + Number(panel),
            ["yaxis"] = "y" + Number(panel),
        };
        _data.Add((JsonNode)trace);
        return trace;
    }

    private static JsonArray Numbers(IEnumerable<double> values) =>
        [.. values.Select(v => double.IsFinite(v) ? JsonValue.Create(v) : null)];

    // The first pair of axes has no number.
    private static string Number(int panel) => panel == 0 ? "" : FormattableString.Invariant($"{panel + 1}");
}
