using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Pages;

/// <summary>Renders the outputs of a cell: the richest representation a page can show.</summary>
/// <param name="prose">Renders outputs that are markdown, and cleans those of others.</param>
internal sealed partial class OutputRenderer(ProseRenderer prose)
{
    private static readonly string[] _pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    /// <summary>The HTML of one output.</summary>
    /// <param name="output">An output in the notebook format.</param>
    /// <param name="isOwn">True when this run has made the output: then its HTML goes in as it is, scripts included. Every other
    /// one is cleaned, whatever it says about itself.</param>
    public string Render(JsonNode? output, bool isOwn) =>
        NotebookText.Field(output, "output_type") switch
        {
            "stream" => Text(
                NotebookText.Join(output!["text"]),
                NotebookText.Field(output, "name") == "stderr" ? "text stderr" : "text"
            ),
            "error" => Error(output!),
            _ => Bundle((output as JsonObject)?["data"] as JsonObject ?? [], isOwn),
        };

    private string Bundle(JsonObject data, bool isOwn)
    {
        foreach (var type in (string[])["text/html", "image/svg+xml"])
            if (data[type] is { } markup)
            {
                var html = NotebookText.Join(markup);
                if ((isOwn ? html : prose.Clean(html)) is { } shown)
                    return shown;
            }
        foreach (var type in _pictures)
            if (data[type] is { } picture && EmbeddedPicture.FromBase64(NotebookText.Join(picture)) is { } address)
                return $"<img alt=\"{WebUtility.HtmlEncode(NotebookText.Join(data["text/plain"]))}\" src=\"{address}\">";
        if (data["text/markdown"] is { } markdown)
            return prose.Render(NotebookText.Join(markdown));
        return data["text/plain"] is { } plain ? Text(NotebookText.Join(plain), "text") : "";
    }

    private static string Error(JsonNode output)
    {
        var lines = (output["traceback"] as JsonArray)?.Select(l => l?.ToString() ?? "").ToList() ?? [];
        if (lines.Count == 0)
            lines = [$"{output["ename"]}: {output["evalue"]}"];
        return $"<div role=\"group\" aria-label=\"Error\">{Text(string.Join('\n', lines), "text error")}</div>";
    }

    private static string Text(string text, string kind) =>
        $"<pre class=\"{kind}\" tabindex=\"0\">{WebUtility.HtmlEncode(TerminalCodes().Replace(text, "").TrimEnd('\n'))}</pre>";

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex TerminalCodes();
}
