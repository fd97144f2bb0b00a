using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace UniPo;

/// <summary>Names shared by <see cref="RunLogWriter"/> and <see cref="RunLogReader"/>.</summary>
/// <remarks>
/// The layout is UNIPO's canonical log: its fields keep their names and meanings. Whatever UniPo knows beyond it lies in one
/// field, <see cref="Extension"/>, which may stand in the header, a step, a response and the closing line. See docs/run-log.md.
/// </remarks>
internal static class RunLogFormat
{
    /// <summary>The field that holds everything beyond UNIPO's format.</summary>
    public const string Extension = "unipo";

    /// <summary>Type of the line that closes a log.</summary>
    public const string End = "end";

    /// <summary>Type of the line that says that a resumed run takes another number of steps than the header announced.</summary>
    public const string Extended = "extended";

    /// <summary>Version of the extension; raised when a field changes its meaning.</summary>
    public const int Version = 1;

    private const int LongestFault = 240;

    public static JsonWriterOptions Writing { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A fault may quote what it found, and a damaged log may hold anything: what is left is a sentence.</summary>
    public static string Short(string fault) => fault.Length <= LongestFault ? fault : $"{fault[..LongestFault]}…";

    /// <summary>
    /// A name for files: the <see cref="Key"/>, and a digest behind it where the key lost letters, so that "GRPO 一" and "GRPO 二"
    /// stay apart.
    /// </summary>
    public static string FileName(string algorithm) =>
        algorithm.All(c => char.IsAscii(c) || !char.IsLetterOrDigit(c) && !char.IsSurrogate(c))
            ? Key(algorithm)
            : $"{Key(algorithm)}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(algorithm)).AsSpan(0, 4)).ToLowerInvariant()}";

    /// <summary>
    /// A name that UNIPO's build script turns into the key of a definition it knows, for instance <c>drgrpo</c> for Dr. GRPO.
    /// </summary>
    /// <remarks>
    /// The script keeps lower-case letters, digits, hyphen and underscore, and turns the rest into underscores: "Dr.GRPO" would
    /// become a key without definition.
    /// </remarks>
    public static string Key(string algorithm)
    {
        var name = algorithm.ToLowerInvariant().Replace("++", "-plus-plus", StringComparison.Ordinal);
        var key = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : ' ')).Trim();
        while (key.Contains("  ", StringComparison.Ordinal))
            key = key.Replace("  ", " ", StringComparison.Ordinal);
        key = key.Replace(' ', '-');
        return key is "dr-grpo" ? "drgrpo"
            : key.Length == 0 ? "unnamed"
            : key;
    }
}
