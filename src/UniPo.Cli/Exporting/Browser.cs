using System.Diagnostics;

namespace UniPo.Cli.Exporting;

/// <summary>The browser of this machine, which prints pages to PDF.</summary>
internal static class Browser
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private static readonly string[] _names =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "microsoft-edge",
        "chrome.exe",
        "msedge.exe",
    ];

    private static readonly string[] _places =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    /// <summary>Prints a page.</summary>
    /// <param name="html">The page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes of the PDF.</returns>
    /// <exception cref="UsageException">There is no browser, or it printed nothing.</exception>
    public static async Task<byte[]> Print(string html, CancellationToken cancellationToken)
    {
        var browser =
            Find()
            ?? throw new UsageException(
                "--to pdf: no Chromium, Chrome or Edge was found; install one, set UNIPO_CHROMIUM to its path, or print the page of --to html."
            );
        var folder = Directory.CreateTempSubdirectory("unipo-pdf-");
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "page.html"), Path.Combine(folder.FullName, "page.pdf"));
            await File.WriteAllTextAsync(page, html, cancellationToken);
            await Run(browser, folder.FullName, page, pdf, cancellationToken);
            return File.Exists(pdf)
                ? await File.ReadAllBytesAsync(pdf, cancellationToken)
                : throw new UsageException($"--to pdf: {browser} printed nothing; print the page of --to html by hand.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Path of the browser; null when there is none.</summary>
    internal static string? Find()
    {
        if (Environment.GetEnvironmentVariable("UNIPO_CHROMIUM") is { Length: > 0 } chosen)
            return File.Exists(chosen) ? chosen : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        return folders.SelectMany(f => _names.Select(n => Path.Combine(f, n))).Concat(_places).FirstOrDefault(File.Exists);
    }

    private static async Task Run(string browser, string folder, string page, string pdf, CancellationToken cancellationToken)
    {
        string[] words =
        [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            $"--user-data-dir={Path.Combine(folder, "profile")}",
            "--no-pdf-header-footer",
            $"--print-to-pdf={pdf}",
            new Uri(page).AbsoluteUri,
        ];

        // Chromium refuses to start as root unless its sandbox is off; the page itself may run nothing but the views' script.
        if (Environment.UserName == "root")
            words = ["--no-sandbox", .. words];
        using var process = Process.Start(
            new ProcessStartInfo(browser, words) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_patience);
        try
        {
            await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(limit.Token),
                process.StandardError.ReadToEndAsync(limit.Token),
                process.WaitForExitAsync(limit.Token)
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UsageException($"--to pdf: {browser} did not end within {_patience.TotalMinutes:0} minutes.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
