using System.Globalization;
using System.Text;

namespace UniPo.Cli.Terminal;

/// <summary>Foreign text for a terminal: characters that would steer it are shown as a replacement sign.</summary>
internal static class TerminalLines
{
    /// <summary>The text without control and direction characters; line ends stay.</summary>
    public static string Of(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(
                rune.Value != '\n' && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                    ? "\uFFFD"
                    : rune.ToString()
            );
        return clean.ToString();
    }
}
