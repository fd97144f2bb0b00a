namespace UniPo.Cli.Pages;

/// <summary>Pictures that become part of a page.</summary>
internal static class ImageFile
{
    private static readonly Dictionary<string, string> _types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".svg"] = "image/svg+xml",
        [".webp"] = "image/webp",
    };

    /// <summary>The picture as a <c>data:</c> address, or null when there is no such file.</summary>
    public static string? AsDataAddress(string path) =>
        _types.TryGetValue(Path.GetExtension(path), out var type) && File.Exists(path)
            ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(path))}"
            : null;
}
