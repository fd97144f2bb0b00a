using System.Text.Json.Nodes;

namespace UniPo.Cli.Notebooks;

/// <summary>The notebook format stores a text as an array of lines, each but the last with its line break.</summary>
internal static class NotebookText
{
    /// <summary>The whole text of a JSON string or array of strings.</summary>
    public static string Join(JsonNode? node) =>
        node switch
        {
            JsonArray lines => string.Concat(lines.Select(l => l?.ToString())),
            null => "",
            _ => node.ToString(),
        };

    /// <summary>The text as an array of lines.</summary>
    public static JsonArray Split(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOf('\n', start) is var found and >= 0 ? found + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }
}
