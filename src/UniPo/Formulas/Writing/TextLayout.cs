using System.Globalization;
using System.Text;

namespace UniPo.Formulas;

/// <summary>Breaks long formulas and sentences so that a plain console shows them whole.</summary>
internal static class TextLayout
{
    /// <summary>Widest line of any text the library writes, in columns.</summary>
    public const int Width = 100;

    /// <summary>Columns a text takes: a tilde on an R stands above it, not beside it.</summary>
    public static int Columns(string text) =>
        text.Count(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);

    /// <summary>The text, filled up with spaces.</summary>
    public static string Pad(string text, int width) => text + new string(' ', Math.Max(width - Columns(text), 0));

    /// <summary>
    /// Appends a label and a formula, broken outside brackets where possible; later lines are indented below the formula.
    /// </summary>
    public static void Append(StringBuilder text, string label, string formula)
    {
        var room = Width - Columns(label);
        var rest = formula;
        var indent = label;
        while (rest.Length > room)
        {
            var cut = Cut(rest, room);
            text.Append(indent).Append(rest[..cut].TrimEnd()).Append('\n');
            rest = rest[cut..].TrimStart();
            indent = new string(' ', Columns(label) + 2);
            room = Width - indent.Length;
        }
        text.Append(indent).Append(rest).Append('\n');
    }

    /// <summary>Appends a sentence, broken at spaces.</summary>
    public static void AppendSentence(StringBuilder text, string sentence)
    {
        foreach (var line in Sentence(sentence, Width))
            text.Append(line).Append('\n');
    }

    /// <summary>Breaks a sentence at spaces.</summary>
    public static IEnumerable<string> Sentence(string sentence, int width)
    {
        var line = new StringBuilder();
        foreach (var word in sentence.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }
            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }
        if (line.Length > 0)
            yield return line.ToString();
    }

    // The best place has the fewest open brackets; among equals the last wins, if the line is not left half empty.
    private static int Cut(string text, int room)
    {
        var (best, bestDepth, depth) = (-1, int.MaxValue, 0);
        for (var i = 0; i < room && i < text.Length; i++)
        {
            if (text[i] is '(' or '[' or '{')
                depth++;
            if (text[i] is ')' or ']' or '}')
                depth--;
            if (text[i] != ' ' || i < room / 3)
                continue;
            var after = i + 1 < text.Length ? text[i + 1] : ' ';
            if (!(after is '+' or '−' or '/' or '=' or 'Σ' || text[i - 1] == ','))
                continue;
            if (depth <= bestDepth)
                (best, bestDepth) = (i, depth);
        }
        return best > 0 ? best
            : Math.Max(text.LastIndexOf(' ', Math.Min(room, text.Length) - 1), 0) is > 0 and var space ? space
            : Math.Min(room, text.Length);
    }
}
