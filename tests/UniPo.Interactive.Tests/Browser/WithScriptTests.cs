using Microsoft.Playwright;
using UniPo.Interactive.Tests.Views;

namespace UniPo.Interactive.Tests.Browser;

/// <summary>All views with their script on one page, in every theme and width.</summary>
[Collection(BrowserTests.Name)]
public sealed class WithScriptTests(BrowserFixture fixture)
{
    public static TheoryData<HostTheme> Themes => [.. Enum.GetValues<HostTheme>()];

    private static string[] All => [WidgetBundle.Element, .. EveryView.All.Select(v => v.Markup())];

    // Hundreds more tokens of the same kind teach the checker nothing.
    private static string[] Small =>
        [WidgetBundle.Element, .. EveryView.All.Select(v => v.Markup()).Where(h => h.Length < 40_000)];

    [Theory, MemberData(nameof(Themes))]
    public async Task Axe_finds_nothing_to_object_to_in_the_controls(HostTheme theme)
    {
        await using var page = await ViewPage.OpenAsync(fixture, theme, 1100, scripts: true, Small);
        await Axe.AssertNothing(page.Page);
        page.AssertQuiet();
    }

    [Theory, InlineData(360), InlineData(1400)]
    public async Task Page_never_scrolls_sideways(int width)
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, width, scripts: true, All);
        await Wide.AssertNothing(page.Page);
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task Colours_that_the_reader_forces_leave_every_mark_visible(ColorScheme scheme)
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: true, All);
        await page.Page.EmulateMediaAsync(
            new PageEmulateMediaOptions { ForcedColors = ForcedColors.Active, ColorScheme = scheme }
        );
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Unseen));
        Assert.Equal(
            0,
            await page.Page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('.unipo .toks > span:not(.more)')].filter(t => getComputedStyle(t).borderTopWidth === '0px').length"
            )
        );
        page.AssertQuiet();
    }

    [Theory, MemberData(nameof(Themes))]
    public async Task Lines_and_dots_stand_out_from_the_page_in_every_theme(HostTheme theme)
    {
        await using var page = await ViewPage.OpenAsync(fixture, theme, 1100, scripts: true, All);
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Unseen));
    }

    // Marks that carry data and have less than 3 : 1 against their page.
    private const string Unseen = """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const paint = (colour, under) => { canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };
          const luminance = c => c.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
          const contrast = (a, b) => { const [l, d] = [luminance(a), luminance(b)].sort((x, y) => y - x); return (l + .05) / (d + .05); };
          const unseen = [];
          for (const view of document.querySelectorAll('.unipo')) {
            const page = getComputedStyle(view).backgroundColor, ground = paint(page, '#fff');
            for (const mark of view.querySelectorAll('.c[stroke]:not([stroke-opacity]), .d[fill]:not([fill-opacity]), .up, .down, .size')) {
              const s = getComputedStyle(mark), colour = mark.matches('.c') ? s.stroke : s.fill;
              if (colour === 'none' || +s.opacity < 1 || +s.strokeOpacity < 1 || +s.fillOpacity < 1) continue;
              if (contrast(paint(colour, page), ground) < 3) unseen.push(`${view.localName} ${mark.getAttribute('class')}: ${colour} on ${page}`);
            }
          }
          return [...new Set(unseen)];
        }
        """;
}
