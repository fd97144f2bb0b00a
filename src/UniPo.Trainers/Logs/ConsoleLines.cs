using System.Text;
using System.Text.RegularExpressions;

namespace UniPo;

/// <summary>The lines of a terminal's output without colours and without what a carriage return overwrote.</summary>
internal static partial class ConsoleLines
{
    /// <summary>Longest line that is looked at, in characters; the rest of a longer one is passed over.</summary>
    public const int Longest = 1 << 20;

    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]|\x1B[@-Z\\-_]|\x9B[0-9;]*[@-~]|ESC\[[0-9;]*m", RegexOptions.CultureInvariant)]
    private static partial Regex Ansi();

    /// <summary>Text without colour codes.</summary>
    public static string Plain(string line) =>
        line.Contains('\x1B') || line.Contains('\x9B') || line.Contains("ESC[", StringComparison.Ordinal)
            ? Ansi().Replace(line, "")
            : line;

    /// <summary>Lines with their numbers, from 1; carriage returns end a line, too.</summary>
    public static IEnumerable<(int Number, string Line)> Of(string path)
    {
        using var reader = Open(path);
        var number = 0;
        while (ReadLine(reader) is { } line)
        {
            number++;
            foreach (var part in line.Split('\r'))
                if (part.Length > 0)
                    yield return (number, Plain(part));
        }
    }

    /// <summary>Opens a text that another program may still be writing; broken bytes become the replacement sign.</summary>
    public static StreamReader Open(string path) =>
        new(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16),
            Encoding.UTF8,
            true
        );

    /// <summary>The next line, cut at <see cref="Longest"/> so that a file without line ends takes bounded memory.</summary>
    public static string? ReadLine(StreamReader reader, int longest = Longest)
    {
        var line = new StringBuilder();
        var any = false;
        for (int c; (c = reader.Read()) >= 0; )
        {
            any = true;
            if (c == '\n')
                break;
            if (line.Length < longest)
                line.Append((char)c);
        }
        return any ? line.ToString() : null;
    }
}
