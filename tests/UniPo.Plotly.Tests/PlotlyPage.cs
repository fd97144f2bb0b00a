using System.Text.Json;
using Microsoft.Playwright;

namespace UniPo.Plotly.Tests;

/// <summary>A Chromium without a network: nothing is downloaded, and a request that leaves a page is a failure.</summary>
public sealed class PlotlyPage : IAsyncLifetime
{
    private readonly List<string> _requests = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal IPage Page { get; private set; } = null!;

    /// <summary>Requests that left the page, and errors of its scripts.</summary>
    internal IReadOnlyList<string> Complaints => _requests;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Executable(), Args = ["--no-sandbox", "--disable-gpu"] }
        );
        Page = await _browser.NewPageAsync();
        Page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith("file:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("about:", StringComparison.Ordinal)
            )
                _requests.Add(request.Url);
        };
        Page.PageError += (_, error) => _requests.Add(error);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>What plotly's own schema objects to in a figure.</summary>
    internal async Task<string[]> Validate(string figureJson)
    {
        await Page.SetContentAsync($"<!DOCTYPE html><html><body>{PlotlyScript.Element}</body></html>");
        var complaints = await Page.EvaluateAsync<JsonElement>(
            "json => { const f = JSON.parse(json); return (window.Plotly.validate(f.data, f.layout) || []).map(c => c.msg); }",
            figureJson
        );
        return [.. complaints.EnumerateArray().Select(c => c.GetString()!)];
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
                "No Chromium was found. Install it (Debian: apt-get install chromium) or set UNIPO_CHROMIUM to its path."
            );
    }
}
