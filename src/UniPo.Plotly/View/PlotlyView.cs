using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plotly.NET;

namespace UniPo.Plotly;

/// <summary>A chart of Plotly.NET that draws with a plotly.js of its own: in every notebook host, without a network.</summary>
/// <remarks>
/// .NET Interactive finds the formatting attribute by its name, Verso finds <see cref="ToHtml"/>. The same facts stand below the
/// chart as text, which is also what a reader without script gets.
/// </remarks>
[TypeFormatterSource(typeof(PlotlyFormatterSource), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class PlotlyView
{
    // Leaves no < that could end the script element early.
    private static readonly JsonSerializerOptions _safe = new() { Encoder = JavaScriptEncoder.Default };
    private readonly JsonObject _figure;

    /// <summary>The view of a chart as it is now.</summary>
    public PlotlyView(GenericChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        Chart = chart;
        _figure = JsonNode.Parse(GenericChart.toFigureJson(chart))!.AsObject();
    }

    /// <summary>The chart.</summary>
    public GenericChart Chart { get; }

    /// <summary>The figure in plotly's form: <c>data</c>, <c>layout</c> and <c>config</c>.</summary>
    public string ToJson() => _figure.ToJsonString();

    /// <summary>HTML for a notebook's output; the first output of a session carries plotly.js.</summary>
    public string ToHtml() => PlotlyScript.Session.ForOutput(PlotlyScript.RunningCell()) + Markup();

    /// <summary>Writes a page of its own with plotly.js in it, that loads nothing.</summary>
    /// <param name="path">Where to, for instance <c>curves.html</c>; a folder that is missing is made.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(
            path,
            $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(ToString().Split('\n')[0])}</title></head><body>{PlotlyScript.Element}{Markup()}</body></html>"
        );
    }

    /// <summary>The chart in words.</summary>
    public override string ToString() => ChartText.Of(_figure);

    private string Markup()
    {
        var json = _figure.ToJsonString(_safe);
        // From the content, so that the same chart has the same output, and with the time of drawing in no place.
        var id = "unipo-plotly-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
        var text = WebUtility.HtmlEncode(ToString());
        return $$"""
            <div class="unipo-plotly" style="font-family:system-ui,sans-serif"><div data-plotly="{{id}}" role="img" aria-label="{{text}}"></div>
            <details><summary>In words</summary><pre>{{text}}</pre></details>
            <script>(function () {
              var figure = {{json}};
              var places = document.querySelectorAll('[data-plotly="{{id}}"]');
              places.forEach(function (place) {
                if (place.childElementCount) return;
                if (!window.Plotly) { place.textContent = "Run the notebook's first Plotly cell again: its output brings the script that draws."; return; }
                window.Plotly.newPlot(place, figure.data, figure.layout, Object.assign({ responsive: true, displaylogo: false }, figure.config));
              });
            })();</script></div>
            """;
    }
}
