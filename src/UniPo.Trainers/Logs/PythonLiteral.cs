using System.Globalization;
using System.Text;

namespace UniPo;

/// <summary>Reads what Python prints: dictionaries with single quotes, <c>nan</c>, <c>None</c>, <c>np.float64(0.5)</c>.</summary>
internal static class PythonLiteral
{
    private const int Deepest = 32;

    /// <summary>A number as a program prints it, wrapped or quoted; NaN when it is none.</summary>
    public static double Number(string? text)
    {
        var word = (text ?? "").AsSpan().Trim().Trim('\'').Trim('"').Trim();
        var open = word.IndexOf('(');
        if (
            open > 0
            && word[^1] == ')'
            && (word.StartsWith("np.") || word.StartsWith("numpy.") || word.StartsWith("tensor") || word.StartsWith("float"))
        )
        {
            word = word[(open + 1)..^1];
            if (word.IndexOf(',') is > 0 and var comma) // tensor(0.5, device='cuda:0')
                word = word[..comma];
        }
        if (word is "inf" or "Infinity" or "+inf")
            return double.PositiveInfinity;
        if (word is "-inf" or "-Infinity")
            return double.NegativeInfinity;
        if (word is "True" or "true")
            return 1;
        if (word is "False" or "false")
            return 0;
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
    }

    /// <summary>True when the word means "no number here": nan, None, null.</summary>
    public static bool IsMissing(string text) => text.Trim('\'', '"', ' ').ToLowerInvariant() is "nan" or "none" or "null" or "";

    /// <summary>The dictionary that opens at a brace; null when it does not close or is none.</summary>
    /// <param name="text">The line.</param>
    /// <param name="start">Index of <c>{</c>.</param>
    /// <param name="end">Receives the index behind <c>}</c>.</param>
    /// <returns>Keys and values as written; a nested dictionary's keys are joined to its own by a slash.</returns>
    public static List<(string Key, string Value)>? Dictionary(string text, int start, out int end)
    {
        var pairs = new List<(string, string)>();
        var at = start;
        end = start;
        if (!Read(text, ref at, "", pairs, 0))
            return null;
        end = at;
        return pairs;
    }

    private static bool Read(string text, ref int at, string prefix, List<(string, string)> pairs, int depth)
    {
        if (depth > Deepest || at >= text.Length || text[at++] != '{')
            return false;
        while (true)
        {
            Blanks(text, ref at);
            if (at >= text.Length)
                return false;
            if (text[at] == '}')
            {
                at++;
                return true;
            }
            if (Quoted(text, ref at) is not { } key)
                return false;
            Blanks(text, ref at);
            if (at >= text.Length || text[at++] != ':')
                return false;
            Blanks(text, ref at);
            if (at < text.Length && text[at] == '{')
            {
                if (!Read(text, ref at, prefix + key + "/", pairs, depth + 1))
                    return false;
            }
            else if (Value(text, ref at) is { } value)
                pairs.Add((prefix + key, value));
            else
                return false;
            Blanks(text, ref at);
            if (at < text.Length && text[at] == ',')
                at++;
        }
    }

    private static string? Value(string text, ref int at)
    {
        if (at < text.Length && text[at] is '\'' or '"')
            return Quoted(text, ref at);
        var (from, depth) = (at, 0);
        for (; at < text.Length; at++)
        {
            if (text[at] is '[' or '(' or '{')
                depth++;
            else if (text[at] is ']' or ')' || depth > 0 && text[at] == '}')
                depth--;
            else if (depth == 0 && text[at] is ',' or '}')
                if (depth == 0)
                    return text[from..at].Trim();
            if (depth < 0)
                return null;
        }
        return null;
    }

    private static string? Quoted(string text, ref int at)
    {
        if (at >= text.Length || text[at] is not ('\'' or '"'))
            return null;
        var quote = text[at++];
        var word = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                word.Append(text[++at]);
            else if (text[at] == quote)
            {
                at++;
                return word.ToString();
            }
            else
                word.Append(text[at]);
        }
        return null;
    }

    private static void Blanks(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
    }
}
