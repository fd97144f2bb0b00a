using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Pages;

/// <summary>Renders the outputs of a cell: the richest representation a page can show.</summary>
internal static partial class OutputRenderer
{
    private static readonly string[] _pictures = ["image/png", "image/jpeg", "image/gif"];

    /// <summary>The HTML of one output.</summary>
    /// <param name="output">An output in the notebook format.</param>
    /// <param name="prose">Renders outputs that are markdown.</param>
    public static string Render(JsonNode output, ProseRenderer prose) =>
        (string?)output["output_type"] switch
        {
            "stream" => Text(NotebookText.Join(output["text"]), (string?)output["name"] == "stderr" ? "text stderr" : "text"),
            "error" => Error(output),
            _ => Bundle(output["data"] as JsonObject ?? [], prose),
        };

    private static string Bundle(JsonObject data, ProseRenderer prose)
    {
        // The views write complete HTML of their own: it goes in as it is, scripts included.
        if (data["text/html"] is { } html)
            return NotebookText.Join(html);
        if (data["image/svg+xml"] is { } svg)
            return NotebookText.Join(svg);
        foreach (var type in _pictures)
            if (data[type] is { } picture)
                return $"<img alt=\"{WebUtility.HtmlEncode(NotebookText.Join(data["text/plain"]))}\" src=\"data:{type};base64,{NotebookText.Join(picture).Trim()}\">";
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
