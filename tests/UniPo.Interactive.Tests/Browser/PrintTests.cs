using Microsoft.Playwright;
using UniPo.Interactive.Tests.Views;

namespace UniPo.Interactive.Tests.Browser;

/// <summary>On paper: nothing is cut, nothing is dark, no control is drawn.</summary>
[Collection(BrowserTests.Name)]
public sealed class PrintTests(BrowserFixture fixture)
{
    // A4 less its margins, at 96 dots an inch.
    private const int Paper = 700;

    [Theory]
    [
        InlineData(HostTheme.Dark),
        InlineData(HostTheme.VsCodeDark),
        InlineData(HostTheme.VsCodeHighContrast),
        InlineData(HostTheme.JupyterDark)
    ]
    public async Task Dark_themes_print_dark_on_white(HostTheme theme)
    {
        await using var page = await PrintedAsync(theme);
        var wrong = await page.Page.EvaluateAsync<string[]>(
            """
            () => {
              const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              const light = colour => { canvas.fillStyle = '#fff'; canvas.fillRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
                const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data; return (r * 2 + g * 5 + b) / 2040; };
              return [...document.querySelectorAll('.unipo')].flatMap(v => {
                const s = getComputedStyle(v);
                return light(s.backgroundColor) > .97 && light(s.color) < .3 ? [] : [`${v.localName}: ${s.color} on ${s.backgroundColor}`];
              });
            }
            """
        );
        Assert.Empty(wrong);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Nothing_is_cut(bool scripts)
    {
        await using var page = await PrintedAsync(HostTheme.Light, scripts);
        var cut = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.unipo, .unipo *')].filter(e => {
              if (e.closest('svg, .gone') || !e.checkVisibility()) return false;
              const s = getComputedStyle(e);
              const hides = s.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 || s.overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 1;
              return hides || e.getBoundingClientRect().right > innerWidth + 1;
            }).slice(0, 12).map(e => `${e.closest('.unipo').localName} ${e.localName}.${e.className}: ${e.scrollWidth} in ${e.clientWidth}, right ${Math.round(e.getBoundingClientRect().right)}, ${e.textContent.slice(0, 60)}`)
            """
        );
        Assert.Empty(cut);
    }

    [Fact]
    public async Task Controls_stay_off_the_paper()
    {
        await using var page = await PrintedAsync(HostTheme.Light, scripts: true);
        Assert.Equal(0, await page.Page.Locator(".unipo :is(button, select, input):visible").CountAsync());
    }

    [Fact]
    public async Task Views_become_pages_of_a_document()
    {
        await using var page = await PrintedAsync(HostTheme.Dark);
        Assert.InRange((await page.Page.PdfAsync(new PagePdfOptions { Format = "A4" })).Length, 20_000, 4_000_000);
    }

    private async Task<ViewPage> PrintedAsync(HostTheme theme, bool scripts = false)
    {
        string[] outputs = [.. EveryView.All.Select(v => v.Markup())];
        var page = await ViewPage.OpenAsync(
            fixture,
            theme,
            Paper,
            scripts: true,
            scripts ? [WidgetBundle.Element, .. outputs] : outputs
        );
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        return page;
    }
}
