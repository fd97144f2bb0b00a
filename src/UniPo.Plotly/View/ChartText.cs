using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UniPo.Plotly;

/// <summary>A figure in words: its title, and what each trace holds.</summary>
internal static class ChartText
{
    /// <summary>One line for the title and one for each trace.</summary>
    /// <param name="figure">Has <c>data</c> and <c>layout</c>.</param>
    public static string Of(JsonObject figure)
    {
        var text = new StringBuilder();
        text.Append(Title(figure["layout"]) is { Length: > 0 } title ? title : "A chart").Append('\n');
        foreach (var trace in (figure["data"] as JsonArray ?? []).OfType<JsonObject>())
            if (trace["hoverinfo"]?.ToString() != "skip") // the edges of a band
                text.Append("  ").Append(Line(trace, figure["layout"])).Append('\n');
        return text.ToString();
    }

    private static string Line(JsonObject trace, JsonNode? layout)
    {
        var name = Unescaped(trace["name"]?.ToString() ?? trace["type"]?.ToString() ?? "trace");
        var axis = Title(layout?["yaxis" + (trace["yaxis"]?.ToString() ?? "y")[1..]]);
        var where = axis.Length > 0 && axis != name ? $" ({axis})" : "";
        double[] values =
        [
            .. Array(trace["y"] ?? trace["x"]).Where(v => v?.GetValueKind() == JsonValueKind.Number).Select(v => (double)v!),
        ];
        if (values.Length == 0)
            return $"{name}{where}: {Array(trace["x"]).Count()} points";
        var range = $"from {Number(values.Min())} to {Number(values.Max())}";
        return $"{name}{where}: {values.Length} points {range}, the first {Number(values[0])}, the last {Number(values[^1])}";
    }

    private static IEnumerable<JsonNode?> Array(JsonNode? node) => node as JsonArray ?? [];

    private static string Title(JsonNode? owner) =>
        Unescaped((owner?["title"] is JsonObject title ? title["text"] : owner?["title"])?.ToString() ?? "");

    private static string Unescaped(string text) =>
        text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
