using System.Globalization;
using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// Learning curves as a plotly figure: one subplot for each metric, in the form that plotly.js and Plotly.NET read.
/// </summary>
internal sealed class PlotlyFigure(LearningCurvesContent content)
{
    private const double RowHeight = 260,
        RowGap = 0.28;

    /// <summary>The figure: <c>data</c> and <c>layout</c>.</summary>
    public JsonObject Write()
    {
        var data = new JsonArray();
        var layout = new JsonObject
        {
            ["title"] = new JsonObject { ["text"] = Plain(content.Nothing ?? $"{content.Title} ({content.Subtitle})") },
            ["height"] = Math.Max(1, content.Panels.Count) * RowHeight,
            ["showlegend"] = content.Series.Count > 1,
            ["hovermode"] = "x unified",
        };
        for (var p = 0; p < content.Panels.Count; p++)
        {
            Axes(layout, p, content.Panels[p].Metric);
            for (var s = 0; s < content.Panels[p].Curves.Count; s++)
                Traces(data, p, content.Looks[s], content.Panels[p].Curves[s]);
        }
        return new JsonObject { ["data"] = data, ["layout"] = layout };
    }

    private void Axes(JsonObject layout, int panel, Metric metric)
    {
        var (n, count) = (Index(panel), content.Panels.Count);
        // Plotly counts from the bottom of the page; ours go down.
        var (top, bottom) = (1 - (double)panel / count, 1 - (panel + 1 - RowGap) / count);
        layout["xaxis" + n] = new JsonObject
        {
            ["anchor"] = "y" + n,
            ["title"] = new JsonObject { ["text"] = "step" },
        };
        layout["yaxis" + n] = new JsonObject
        {
            ["anchor"] = "x" + n,
            ["domain"] = new JsonArray(bottom, top),
            ["title"] = new JsonObject
            {
                ["text"] = Plain(metric.Unit.Length > 0 ? $"{metric.Label}, {metric.Unit}" : metric.Label),
            },
        };
    }

    private static void Traces(JsonArray data, int panel, int look, Curve curve)
    {
        var colour = PlotArea.Stroke(look);
        if (curve is { Low: { } low, High: { } high })
        {
            data.Add(Trace(panel, curve, low, new JsonObject { ["width"] = 0 }, hidden: true));
            var upper = Trace(panel, curve, high, new JsonObject { ["width"] = 0 }, hidden: true);
            upper["fill"] = "tonexty";
            upper["fillcolor"] = Faint(look);
            data.Add(upper);
        }
        var line = Trace(
            panel,
            curve,
            curve.Mean,
            new JsonObject
            {
                ["color"] = colour,
                ["dash"] = (look % 6) switch
                {
                    0 => "solid",
                    1 => "dash",
                    2 => "dot",
                    3 => "dashdot",
                    4 => "longdash",
                    _ => "longdashdot",
                },
            },
            hidden: false
        );
        line["showlegend"] = panel == 0;
        data.Add(line);
    }

    private static JsonObject Trace(int panel, Curve curve, double[] values, JsonObject line, bool hidden)
    {
        // Steps that did not measure are left out, so that the line goes on; what is not a number stays a gap.
        int[] kept = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != LinePlot.Unmeasured)];
        var trace = new JsonObject
        {
            ["type"] = "scatter",
            ["mode"] = "lines",
            ["name"] = Plain(curve.Label),
            ["legendgroup"] = Plain(curve.Label),
            ["line"] = line,
            ["connectgaps"] = false,
            ["x"] = new JsonArray([.. kept.Select(i => (JsonNode)curve.Steps[i])]),
            ["y"] = new JsonArray([.. kept.Select(i => double.IsFinite(values[i]) ? JsonValue.Create(values[i]) : null)]),
            ["xaxis"] = "x" + Index(panel),
            ["yaxis"] = "y" + Index(panel),
        };
        if (!hidden)
            return trace;
        trace["showlegend"] = false;
        trace["hoverinfo"] = "skip";
        return trace;
    }

    private static string Faint(int look)
    {
        var colour = Palette.Line(look, dark: false);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"rgba({colour.Red * 255:0},{colour.Green * 255:0},{colour.Blue * 255:0},0.16)"
        );
    }

    // The first pair of axes has no number.
    private static string Index(int panel) => panel == 0 ? "" : Numbers.Count(panel + 1);

    // Plotly reads a little HTML in labels; ours are plain text.
    private static string Plain(string text) =>
        VisibleText.Of(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
