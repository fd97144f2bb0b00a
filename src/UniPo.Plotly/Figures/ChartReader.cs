using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicObj;
using Microsoft.FSharp.Collections;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;

namespace UniPo.Plotly;

/// <summary>A plotly figure in JSON as a chart of Plotly.NET.</summary>
/// <remarks>
/// Known parts become Plotly.NET's own types, so that its functions find and change them (a title, an axis); the others become
/// plain dynamic objects, which it writes as they are.
/// </remarks>
internal static class ChartReader
{
    /// <summary>The chart.</summary>
    /// <param name="json">An object with <c>data</c> and <c>layout</c>.</param>
    /// <exception cref="ArgumentException">It is no figure.</exception>
    public static GenericChart Read(string json)
    {
        var figure = JsonNode.Parse(json)!;
        if (figure["data"] is not JsonArray data || figure["layout"] is not JsonObject layout)
            throw new ArgumentException("A plotly figure is a JSON object with an array 'data' and an object 'layout'.");
        var traces = data.Select(t => Fill(new Trace((string)t!["type"]!), t!.AsObject()));
        return GenericChart.NewMultiChart(
            ListModule.OfSeq(traces),
            Fill(new Layout(), layout),
            new Config(),
            new DisplayOptions()
        );
    }

    private static T Fill<T>(T target, JsonObject source)
        where T : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in source)
            if (value is not null)
                target.SetProperty(name, Value(name, value));
        return target;
    }

    private static object Value(string name, JsonNode value) =>
        value switch
        {
            JsonObject part => Fill(New(name), part),
            JsonArray list => List(name, list),
            _ => Scalar(value),
        };

    private static DynamicObj.DynamicObj New(string name) =>
        name switch
        {
            _ when name.StartsWith("xaxis", StringComparison.Ordinal) || name.StartsWith("yaxis", StringComparison.Ordinal) =>
                new LinearAxis(),
            "title" => new Title(),
            "font" => new Font(),
            "legend" => new Legend(),
            "line" => new Line(),
            "marker" => new Marker(),
            "error_x" or "error_y" => new Error(),
            _ => new DynamicObj.DynamicObj(),
        };

    private static object List(string name, JsonArray list) =>
        list.All(v => v is null || v.GetValueKind() == JsonValueKind.Number) ? list.Select(v => (double?)v).ToArray()
        : list.All(v => v is JsonObject) && name == "shapes" ? list.Select(v => Fill(new Shape(), v!.AsObject())).ToArray()
        : list.Select(v => v is null ? null : Value("", v)).ToArray();

    private static object Scalar(JsonNode value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => (double)value,
        };
}
