using Microsoft.Playwright;

namespace UniPo.Interactive.Tests;

/// <summary>
/// A page that holds outputs as a host would show them, and fails on any network request, console error or script error.
/// </summary>
internal sealed class ViewPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _faults;

    private ViewPage(IBrowserContext context, IPage page, List<string> faults) =>
        (_context, Page, _faults) = (context, page, faults);

    public IPage Page { get; }

    /// <summary>Requests, console errors and script errors seen so far.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Opens a page with these outputs, one below the other.</summary>
    public static async Task<ViewPage> OpenAsync(
        BrowserFixture fixture,
        HostTheme theme,
        int width,
        bool scripts,
        params string[] outputs
    )
    {
        var context = await fixture.Browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 800 },
                ColorScheme = theme == HostTheme.Dark ? ColorScheme.Dark : ColorScheme.Light,
                Contrast = theme == HostTheme.HighContrast ? Contrast.More : Contrast.NoPreference,
                JavaScriptEnabled = scripts,
                DeviceScaleFactor = 2,
            }
        );
        var page = await context.NewPageAsync();
        var faults = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && request.Url != "about:blank")
                faults.Add("request: " + request.Url);
        };
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                faults.Add($"console {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => faults.Add("script: " + error);
        await page.SetContentAsync(HostPage.Around(theme, outputs));
        return new ViewPage(context, page, faults);
    }

    /// <summary>Fails when the page asked for anything from outside or complained.</summary>
    public void AssertQuiet() => Assert.True(_faults.Count == 0, string.Join("\n", _faults));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
