using Microsoft.Playwright;

namespace UniPo.Interactive.Tests;

/// <summary>
/// One Chromium for all browser tests. Nothing is downloaded: the driver comes with the package, the browser with the system.
/// </summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;

    internal IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Executable(),
                Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"],
            }
        );
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string Executable()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("UNIPO_CHROMIUM"),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ];
        return places.FirstOrDefault(p => p is { Length: > 0 } && File.Exists(p))
            ?? throw new InvalidOperationException(
                "No Chromium was found. Install it (Debian: apt-get install chromium) or set UNIPO_CHROMIUM to its path; ./test.sh does the first."
            );
    }
}

/// <summary>All classes that use the browser share it and run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
