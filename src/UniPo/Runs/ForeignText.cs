using System.Text;
using System.Text.Json;

namespace UniPo;

/// <summary>
/// What other programs write that is not quite JSON: comments, and NaN or Infinity where a number should stand.
/// </summary>
internal static class ForeignText
{
    private static readonly JsonDocumentOptions _lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>A document; not-a-numbers are read as null.</summary>
    /// <exception cref="JsonException">The text is no JSON for another reason.</exception>
    public static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, _lenient);
        }
        catch (JsonException)
            when (text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal))
        {
            return JsonDocument.Parse(WithoutNotANumber(text), _lenient);
        }
    }

    /// <summary>UNIPO's other container, one object with <c>header</c> and <c>entries</c>; null when the text is none.</summary>
    public static JsonDocument? Container(string text)
    {
        JsonDocument document;
        try
        {
            document = Parse(text);
        }
        catch (JsonException)
        {
            return null; // lines of JSON, or a fault that the line reader names with its line
        }
        if (
            document.RootElement.Find("header") is { ValueKind: JsonValueKind.Object }
            && document.RootElement.Find("entries") is { ValueKind: JsonValueKind.Array }
        )
            return document;
        document.Dispose();
        return null;
    }

    private static string WithoutNotANumber(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; )
        {
            var length = text[i] == '"' ? QuotedLength(text, i) : NotANumberLength(text, i);
            if (length == 0)
                clean.Append(text[i++]);
            else
            {
                clean.Append(text[i] == '"' ? text.AsSpan(i, length) : "null");
                i += length;
            }
        }
        return clean.ToString();
    }

    private static int QuotedLength(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i + 1 - start;
        }
        return text.Length - start;
    }

    private static int NotANumberLength(string text, int at)
    {
        foreach (var word in (ReadOnlySpan<string>)["NaN", "-Infinity", "Infinity"])
            if (string.CompareOrdinal(text, at, word, 0, word.Length) == 0)
                return word.Length;
        return 0;
    }
}
