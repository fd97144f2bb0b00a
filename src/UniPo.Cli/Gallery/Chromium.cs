using System.Diagnostics;

namespace UniPo.Cli.Gallery;

/// <summary>
/// A Chromium without a window, driven through its debugging port. Nothing is installed for it: the machine's own is used.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";

    private readonly Process _process;
    private readonly DirectoryInfo _profile;

    private Chromium(Process process, DirectoryInfo profile, DevTools tools) =>
        (_process, _profile, Tools) = (process, profile, tools);

    /// <summary>Commands to the browser.</summary>
    public DevTools Tools { get; }

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

    /// <summary>Starts the browser.</summary>
    /// <exception cref="UsageException">There is none, or it does not start.</exception>
    public static async Task<Chromium> Start(CancellationToken cancellationToken)
    {
        var program =
            Find()
            ?? throw new UsageException(
                "No Chromium was found, so no pictures can be taken. Install it (Debian: apt-get install chromium), set UNIPO_CHROMIUM to its path, or say --pages-only."
            );
        var profile = Directory.CreateTempSubdirectory("unipo-gallery-");
        var start = new ProcessStartInfo(
            program,
            [
                "--headless",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-lcd-text",
                "--font-render-hinting=none",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile.FullName,
                "about:blank",
            ]
        )
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };

        // The browser's sandbox does not work for the superuser; the pages shown are our own.
        if (Environment.IsPrivilegedProcess)
            start.ArgumentList.Insert(1, "--no-sandbox");
        var process = Process.Start(start) ?? throw new UsageException($"{program} did not start.");
        var address = await Address(process, program).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        return new Chromium(process, profile, await DevTools.Connect(address, cancellationToken));
    }

    // Both pipes are read to their end, so that the browser never waits for somebody to listen.
    private static Task<Uri> Address(Process process, string program)
    {
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                address.TrySetException(new UsageException($"{program} ended before it could be used."));
            else if (line.Data.StartsWith(Listening, StringComparison.Ordinal))
                address.TrySetResult(new Uri(line.Data[Listening.Length..]));
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return address.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Tools.DisposeAsync();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Delete(recursive: true);
    }
}
