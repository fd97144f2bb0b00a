using System.Text;

namespace UniPo;

/// <summary>What is said of a file that fits no kind: what it begins with, and what would be read.</summary>
internal static class UnknownKind
{
    /// <summary>All kinds in one line.</summary>
    public static string Kinds => string.Join(", ", LogFormat.All.Select(f => $"{f.Trainer} {f.Name}"));

    public static InvalidDataException Of(string path, byte[] start)
    {
        var text = Encoding.UTF8.GetString(start);
        var what =
            text.StartsWith("version https://git-lfs", StringComparison.Ordinal)
                ? "It is a pointer of Git LFS, not the file itself; fetch that with `git lfs pull`."
            : start.AsSpan().IndexOf((byte)0) >= 0 ? "It is a binary file."
            : IsJson(path, text) ? "It is JSON, but holds no rows of a training."
            : $"It begins with: {FirstLines(text)}";
        var pickle =
            start is [0x80, ..] || start.AsSpan().StartsWith("PK"u8)
                ? " If it is a file of torch.save, turn it into lines of JSON first: import json, torch; [print(json.dumps(s, default=str)) for s in torch.load(FILE)['samples']]."
                : "";
        return new InvalidDataException(
            $"The file '{path}' is of no kind that is read. {what}{pickle} Kinds that are read: {Kinds}."
        );
    }

    private static bool IsJson(string path, string text)
    {
        if (text.TrimStart('\uFEFF', ' ', '\r', '\n', '\t') is not ['{' or '[', ..] || new FileInfo(path).Length > 64 << 20)
            return false;
        using var document = LenientJson.TryParse(File.ReadAllText(path));
        return document is not null;
    }

    private static string FirstLines(string text)
    {
        var lines = text.Split('\n').Select(l => Visible(l.Trim())).Where(l => l.Length > 0).Take(3);
        return string.Join(" | ", lines);
    }

    // A foreign text must not steer the terminal that shows it.
    private static string Visible(string line)
    {
        var clean = new StringBuilder();
        foreach (var rune in line.EnumerateRunes().Take(80))
            clean.Append(
                Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format
                    ? "�"
                    : rune.ToString()
            );
        return clean.ToString();
    }
}
