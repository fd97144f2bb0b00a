using System.Text;

namespace UniPo.Cli.Pages;

/// <summary>Pictures that become part of a page: known by their first bytes, not by what is said about them.</summary>
internal static class EmbeddedPicture
{
    private const int MostBytes = 20 << 20;

    /// <summary>The picture as a <c>data:</c> address, or null when these bytes are no picture that a browser shows.</summary>
    public static string? AsAddress(ReadOnlySpan<byte> bytes) =>
        Type(bytes) is { } type ? $"data:{type};base64,{Convert.ToBase64String(bytes)}" : null;

    /// <summary>The same for bytes written in base64, as notebooks keep them; line breaks in it do not matter.</summary>
    public static string? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? AsAddress(bytes.AsSpan(0, count)) : null;
    }

    /// <summary>The same for an address that is a picture already.</summary>
    public static string? FromAddress(string address) =>
        address.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
        && address.IndexOf(";base64,", StringComparison.OrdinalIgnoreCase) is >= 0 and var start
            ? FromBase64(address[(start + ";base64,".Length)..])
            : null;

    /// <summary>The same for a file below a folder.</summary>
    /// <param name="folder">The notebook's folder: what lies elsewhere, also behind a link, stays where it is.</param>
    /// <param name="name">Its path as the notebook writes it, relative to the folder.</param>
    public static string? FromFile(string folder, string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(name))
            return null;
        var (path, inside) = (FilePlace.Real(Path.Combine(folder, name)), FilePlace.Real(folder));
        if (!path.StartsWith(inside + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path))
            return null;

        // A pipe has no length, so it is not opened: nobody may ever write to it.
        return new FileInfo(path).Length is > 0 and <= MostBytes ? AsAddress(File.ReadAllBytes(path)) : null;
    }

    private static string? Type(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return "image/png";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return "image/jpeg";
        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
            return "image/gif";
        if (bytes.StartsWith("RIFF"u8) && bytes.Length > 12 && bytes[8..].StartsWith("WEBP"u8))
            return "image/webp";

        // In an img element a browser runs no script of an SVG and loads nothing for it.
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4096)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return
            text.StartsWith("<svg", StringComparison.Ordinal)
            || (text.StartsWith("<?xml", StringComparison.Ordinal) && text.Contains("<svg", StringComparison.Ordinal))
            ? "image/svg+xml"
            : null;
    }
}
