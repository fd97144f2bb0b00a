using System.Text;
using System.Text.Json;

namespace UniPo;

/// <summary>JSON as Python writes it: bare NaN and Infinity become null, half characters become the replacement sign.</summary>
internal static class LenientJson
{
    private static readonly JsonDocumentOptions _options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 64,
    };

    /// <summary>The document; null when the text is no JSON.</summary>
    public static JsonDocument? TryParse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, _options);
        }
        catch (JsonException)
        {
            var clean = WithoutNotANumber(text);
            return clean is null ? null : TryStrict(clean);
        }
        catch (ArgumentException)
        {
            return TryStrict(
                text.Replace('\uFFFF', ' ').EnumerateRunes().Aggregate(new StringBuilder(), (s, r) => s.Append(r)).ToString()
            );
        }
    }

    private static JsonDocument? TryStrict(string text)
    {
        try
        {
            return JsonDocument.Parse(text, _options);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return null;
        }
    }

    // Outside of strings only: a text may well say NaN.
    private static string? WithoutNotANumber(string text)
    {
        if (!text.Contains("NaN", StringComparison.Ordinal) && !text.Contains("Infinity", StringComparison.Ordinal))
            return null;
        var clean = new StringBuilder(text.Length);
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\' && i + 1 < text.Length)
                clean.Append(text[i++]);
            else if (text[i] == '"')
                quoted = !quoted;
            if (!quoted && Word(text, i) is { } length and > 0)
            {
                clean.Append("null");
                i += length - 1;
            }
            else
                clean.Append(text[i]);
        }
        return clean.ToString();
    }

    private static int Word(string text, int at)
    {
        foreach (var word in (ReadOnlySpan<string>)["NaN", "-Infinity", "Infinity"])
            if (string.CompareOrdinal(text, at, word, 0, word.Length) == 0)
                return word.Length;
        return 0;
    }

    /// <summary>A field that is there and not null.</summary>
    public static JsonElement? Find(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A text; half of a character pair becomes the replacement sign. Null when it is no text.</summary>
    public static string? Text(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.String } value)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException) // an escape such as \ud83d without its partner
        {
            return WithoutHalves(value.GetRawText());
        }
    }

    private static string WithoutHalves(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 1; i < raw.Length - 1; i++)
            if (raw[i] == '\\' && i + 5 < raw.Length && raw[i + 1] == 'u')
            {
                text.Append(
                    ushort.TryParse(raw.AsSpan(i + 2, 4), System.Globalization.NumberStyles.HexNumber, null, out var unit)
                        ? (char)unit
                        : '\uFFFD'
                );
                i += 5;
            }
            else if (raw[i] == '\\' && i + 2 < raw.Length)
                text.Append(
                    raw[++i] switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        var other => other,
                    }
                );
            else
                text.Append(raw[i]);
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.ToString().EnumerateRunes())
            whole.Append(rune);
        return whole.ToString();
    }

    /// <summary>A number, also where it is written as a text; NaN for anything else.</summary>
    public static double Number(JsonElement? json) =>
        json switch
        {
            { ValueKind: JsonValueKind.Number } value => value.TryGetDouble(out var number) ? number : double.NaN,
            { ValueKind: JsonValueKind.True } => 1,
            { ValueKind: JsonValueKind.False } => 0,
            { ValueKind: JsonValueKind.String } value => PythonLiteral.Number(Text(value)),
            { ValueKind: JsonValueKind.Array } value when value.GetArrayLength() == 1 => Number(value[0]),
            _ => double.NaN,
        };

    /// <summary>A list of numbers; a list that holds nothing but one list is unwrapped. Null when it is no list.</summary>
    public static double[]? Numbers(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Array } list)
            return null;
        if (list.GetArrayLength() == 1 && list[0].ValueKind == JsonValueKind.Array)
            list = list[0];
        return [.. list.EnumerateArray().Select(v => Number(v))];
    }

    /// <summary>A list of whole numbers; what is none becomes −1. Null when it is no list.</summary>
    public static int[]? Integers(JsonElement? json) =>
        Numbers(json) is { } numbers ? [.. numbers.Select(v => v is >= 0 and <= int.MaxValue ? (int)v : -1)] : null;
}
