using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using UniPo.Interactive.Pages;

namespace UniPo.Cli.Files;

/// <summary>
/// Files that commands write. A file that was there before is replaced only when this program made it and nobody has changed it since,
/// or when <c>--overwrite</c> says so.
/// </summary>
internal static partial class OutputFile
{
    private const string Prefix = PageFrame.MarkPrefix;
    private const long MostBytes = 200 << 20;

    /// <summary>
    /// Where the hash of a file goes that this program makes: a text puts this anywhere, and <see cref="Write(string, string)"/> fills it in.
    /// </summary>
    public const string Mark = PageFrame.Mark;

    /// <summary>Checks that a file can be written, before any work is done for it.</summary>
    /// <param name="option">The option that names it, for the message.</param>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">True when the user allows to replace whatever is there.</param>
    /// <param name="inputs">Files that are read: none of them is ever replaced, by whatever name.</param>
    /// <exception cref="UsageException">It cannot be written, or something is there that is not to be replaced.</exception>
    public static void Check(string option, string path, bool overwrite, params IEnumerable<string> inputs)
    {
        if (FilePlace.Fault(path, overwrite: true) is { } fault)
            throw new UsageException($"{option}: {fault}");
        var real = FilePlace.Real(path);
        if (inputs.FirstOrDefault(input => FilePlace.Real(input) == real) is { } input)
            throw new UsageException($"{option} {path}: this would overwrite {input}, which is read.");
        if (!overwrite && File.Exists(path) && !IsOwn(path))
            throw new UsageException(
                $"{option} {path}: this file exists and was not made by unipo, or was changed since; choose another name, or say --overwrite."
            );
    }

    /// <summary>Writes a text, completely or not at all, with its hash in the place of <see cref="Mark"/>.</summary>
    public static void Write(string path, string text) =>
        AtomicFile.Write(path, overwrite: true, text.Replace(Mark, Prefix + HashOf(text), StringComparison.Ordinal));

    /// <summary>Writes bytes, and behind them a remark with their hash.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="remark">A remark in its format, with <see cref="Mark"/> in it.</param>
    public static void Write(string path, byte[] content, string remark)
    {
        var hash = HashOf(Encoding.UTF8.GetString(content) + remark);
        AtomicFile.Write(
            path,
            overwrite: true,
            stream =>
            {
                stream.Write(content);
                stream.Write(Encoding.UTF8.GetBytes(remark.Replace(Mark, Prefix + hash, StringComparison.Ordinal)));
            }
        );
    }

    /// <summary>True for a file that this class has made and that is still as it was written.</summary>
    public static bool IsOwn(string path)
    {
        if (!FilePlace.IsPlainFile(path) || new FileInfo(path).Length > MostBytes)
            return false;
        var text = File.ReadAllText(path);
        return Made().Match(text) is { Success: true } made
            && HashOf(text.Replace(made.Value, Mark, StringComparison.Ordinal)) == made.Value[Prefix.Length..];
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(Prefix + "[0-9a-f]{64}")]
    private static partial Regex Made();
}
