using System.Globalization;
using System.Text;

namespace UniPo.Interactive;

/// <summary>Text as a reader should see it: nothing invisible, nothing that reorders the line, nothing endless.</summary>
/// <remarks>
/// A model may emit any character. A bidirectional override would show an answer backwards, a control character would vanish:
/// both are replaced by a visible name, so that the picture never lies about the tokens.
/// </remarks>
internal static class VisibleText
{
    /// <summary>Longest piece of foreign text shown in one place, in characters.</summary>
    public const int Longest = 200;

    /// <summary>Running text: spaces stay, everything else that cannot be seen gets a mark.</summary>
    public static string Of(string? text, int longest = Longest) => Write(text ?? "", longest, spaces: false);

    /// <summary>A token: even its spaces are marked, because a space is often the whole token.</summary>
    public static string OfToken(string? text, int longest = 40) => Write(text ?? "", longest, spaces: true);

    private static string Write(string text, int longest, bool spaces)
    {
        if (text.Length == 0)
            return spaces ? "∅" : "";
        var visible = new StringBuilder(Math.Min(text.Length, longest) + 8);
        var shown = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown + rune.Utf16SequenceLength > longest)
                return visible.Append(CultureInfo.InvariantCulture, $"… ({text.Length} characters)").ToString();
            shown += rune.Utf16SequenceLength;
            Append(visible, rune, spaces);
        }
        return visible.ToString();
    }

    private static void Append(StringBuilder visible, Rune rune, bool spaces)
    {
        switch (rune.Value)
        {
            case ' ':
                visible.Append(spaces ? '␣' : ' ');
                break;
            case '\n':
                visible.Append('↵');
                break;
            case '\t':
                visible.Append('⇥');
                break;
            case < 0x20:
                visible.Append((char)(0x2400 + rune.Value));
                break; // the Unicode pictures of control characters
            case 0x7F:
                visible.Append('␡');
                break;
            case 0xA0:
                visible.Append('⍽');
                break;
            default:
                if (CannotBeSeen(rune))
                    visible.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩");
                else
                    visible.Append(rune);
                break;
        }
    }

    // Format covers the bidirectional controls, zero-width joiners and the byte order mark.
    private static bool CannotBeSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse
        || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator && rune.Value > 0x20);

    /// <summary>Columns a text takes in a terminal: two for wide East Asian characters, none for combining marks.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Width(rune);
        return width;
    }

    /// <summary>The text, cut so that it takes at most this many columns.</summary>
    public static string Cut(string text, int columns)
    {
        if (Width(text) <= columns)
            return text;
        var kept = new StringBuilder();
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (width + Width(rune) > columns - 1)
                break;
            width += Width(rune);
            kept.Append(rune);
        }
        return kept.Append('…').ToString();
    }

    private static int Width(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => 0,
            _ => rune.Value
                is >= 0x1100
                    and <= 0x115F
                    or >= 0x2E80
                    and <= 0xA4CF
                    or >= 0xAC00
                    and <= 0xD7A3
                    or >= 0xF900
                    and <= 0xFAFF
                    or >= 0xFE30
                    and <= 0xFE6F
                    or >= 0xFF00
                    and <= 0xFF60
                    or >= 0xFFE0
                    and <= 0xFFE6
                    or >= 0x1F300
                    and <= 0x1FAFF
                    or >= 0x20000
                    and <= 0x3FFFD
                ? 2
                : 1,
        };
}
