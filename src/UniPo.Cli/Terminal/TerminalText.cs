using System.Globalization;
using System.Text;

namespace UniPo.Cli.Terminal;

/// <summary>Text as a terminal should get it.</summary>
internal static class TerminalText
{
    private const int LongestSentence = 290;

    /// <summary>
    /// The text with its lines; every other character that is not printed itself (controls, escapes, marks that turn the direction of
    /// writing) is shown by its number. Half a pair of surrogates becomes U+FFFD.
    /// </summary>
    public static string Visible(string text)
    {
        if (!NeedsCare(text))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var rune in text.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
            Append(visible, rune);
        return visible.ToString();
    }

    /// <summary>A message as one sentence of one line, its middle left out when it is longer than 290 characters.</summary>
    public static string Sentence(string message)
    {
        var line = string.Join(' ', Visible(message).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestSentence ? line : string.Concat(Whole(line[..140]), " … ", Whole(line[^140..]));
    }

    /// <summary>Applies the carriage returns of a text; what follows one overwrites its line from the start.</summary>
    public static string Overwrite(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        return text.Contains('\r', StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Select(OverwriteLine)) : text;
    }

    private static string OverwriteLine(string line)
    {
        var (shown, place, length) = (line.ToCharArray(), 0, 0);
        foreach (var character in line)
        {
            if (character == '\r')
                place = 0;
            else
                (shown[place++], length) = (character, Math.Max(length, place));
        }

        return new string(shown, 0, length).TrimEnd(' ');
    }

    private static void Append(StringBuilder visible, Rune rune)
    {
        if (rune.Value == '\n')
            visible.Append('\n');
        else if (rune.Value == '\t')
            visible.Append("    ");
        else if (rune.Value < 0x20)
            visible.Append((char)(0x2400 + rune.Value)); // the Unicode pictures of control characters
        else if (IsUnseen(Rune.GetUnicodeCategory(rune)))
            visible.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩");
        else
            visible.Append(rune);
    }

    private static bool NeedsCare(string text) =>
        text.Any(c => c != '\n' && (char.IsSurrogate(c) || IsUnseen(char.GetUnicodeCategory(c))));

    private static bool IsUnseen(UnicodeCategory category) =>
        category
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    // A cut may fall between the halves of a surrogate pair.
    private static string Whole(string text)
    {
        var from = char.IsLowSurrogate(text[0]) ? 1 : 0;
        var to = char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;
        return text[from..to].Trim();
    }
}
