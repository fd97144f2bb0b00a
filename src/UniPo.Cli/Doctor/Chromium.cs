namespace UniPo.Cli.Doctor;

/// <summary>The browser that the tests of the views drive. Nothing is downloaded for it: the machine's own is used.</summary>
internal static class Chromium
{
    /// <summary>Where the browser is; null when there is none.</summary>
    public static string? Find()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("UNIPO_CHROMIUM"),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ];
        return places.FirstOrDefault(p => p is { Length: > 0 } && File.Exists(p));
    }
}
