using System.Globalization;
using System.Text;

namespace UniPo;

/// <summary>Half characters in JSON: <c>"\ud83d"</c> without its other half is JSON by its grammar, but no text.</summary>
/// <remarks>Programs that cut texts by UTF-16 units write them. One of them should not cost the whole log.</remarks>
internal static class LoneSurrogates
{
    private const string Replacement = "\\ufffd";
    private const int EscapeLength = 6;

    /// <summary>The same JSON with U+FFFD in place of every half character; the same text when there is none.</summary>
    /// <param name="json">One or more JSON values.</param>
    public static string Replace(string json)
    {
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
            return json;
        var (clean, replaced) = (new StringBuilder(json.Length), false);
        for (var i = 0; i < json.Length; )
        {
            var length = EscapedLength(json, i, out var isHalf);
            clean.Append(isHalf ? Replacement : json.AsSpan(i, length));
            (i, replaced) = (i + length, replaced || isHalf);
        }
        return replaced ? clean.ToString() : json;
    }

    /// <summary>Characters that belong together at a place: an escape, a pair of them, or one character.</summary>
    private static int EscapedLength(string json, int at, out bool isHalf)
    {
        isHalf = false;
        if (json[at] != '\\' || at + 1 == json.Length)
            return 1;
        if (Unit(json, at) is not { } unit)
            return 2; // \\ and \" too: what follows them is no escape
        if (char.IsHighSurrogate(unit) && Unit(json, at + EscapeLength) is { } next && char.IsLowSurrogate(next))
            return 2 * EscapeLength;
        isHalf = char.IsSurrogate(unit);
        return EscapeLength;
    }

    private static char? Unit(string json, int at) =>
        at + EscapeLength <= json.Length
        && json[at] == '\\'
        && json[at + 1] == 'u'
        && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
