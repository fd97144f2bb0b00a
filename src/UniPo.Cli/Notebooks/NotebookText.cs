using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UniPo.Cli.Notebooks;

/// <summary>The notebook format stores a text as an array of lines, each but the last with its line break.</summary>
internal static partial class NotebookText
{
    /// <summary>The whole text of a JSON string or array of strings.</summary>
    public static string Join(JsonNode? node) =>
        node switch
        {
            JsonArray lines => string.Concat(lines.Select(l => l?.ToString())),
            null => "",
            _ => node.ToString(),
        };

    /// <summary>A text inside a JSON object, by the names that lead to it; null when something else or nothing is there.</summary>
    public static string? Field(JsonNode? node, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            node = (node as JsonObject)?[name];
        return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }

    /// <summary>
    /// The JSON with U+FFFD for every escape of half a surrogate pair: such a text is allowed in JSON, and no string of .NET can hold
    /// it.
    /// </summary>
    public static string WithWholeCharacters(string json) =>
        LoneSurrogate().Replace(json, match => match.Groups["lone"].Success ? "\\ufffd" : match.Value);

    // An escaped backslash and a whole pair are passed over, so that what is found is half a pair.
    [GeneratedRegex(
        """\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"""
    )]
    private static partial Regex LoneSurrogate();

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
