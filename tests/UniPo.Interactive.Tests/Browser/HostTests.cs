using Microsoft.Playwright;
using UniPo.Interactive.Tests.Views;

namespace UniPo.Interactive.Tests.Browser;

/// <summary>The views in a real browser, inside what each host puts around them.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostTests(BrowserFixture fixture)
{
    public static TheoryData<HostTheme> Themes => [.. Enum.GetValues<HostTheme>()];

    private static string[] All => [.. EveryView.All.Select(v => v.ToHtml())];

    // The checker looks at every element; hundreds more tokens of the same kind teach it nothing.
    private static string[] Small => [.. EveryView.All.Select(v => v.ToHtml()).Where(h => h.Length < 40_000)];

    [Theory, MemberData(nameof(Themes))]
    public async Task Views_load_nothing_and_raise_no_error(HostTheme theme)
    {
        await using var page = await ViewPage.OpenAsync(fixture, theme, 1100, scripts: true, All);
        page.AssertQuiet();
    }

    // With the script the same elements are checked in every theme (WithScriptTests).
    [Theory, InlineData(HostTheme.Light), InlineData(HostTheme.VsCodeHighContrast)]
    public async Task Axe_finds_nothing_to_object_to(HostTheme theme)
    {
        await using var page = await ViewPage.OpenAsync(fixture, theme, 1100, scripts: true, Small);
        await Axe.AssertNothing(page.Page);
    }

    [Theory, MemberData(nameof(Themes))]
    public async Task Our_rules_out_rank_the_rules_of_the_host(HostTheme theme)
    {
        await using var page = await ViewPage.OpenAsync(
            fixture,
            theme,
            1100,
            scripts: true,
            Sample.Grpo(Sample.Sums()).Tokens().ToHtml()
        );
        var seen = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.unipo td, .unipo th, .unipo tr, .unipo table')].flatMap(e => {
              const s = getComputedStyle(e);
              return [s.backgroundColor, s.paddingTop === '40px' ? 'padding' : '', s.borderTopWidth === '9px' ? 'border' : '', s.textAlign === 'center' ? 'centred' : ''];
            })
            """
        );
        Assert.Equal(["", "rgba(0, 0, 0, 0)"], seen.Distinct().Order());
    }

    [Fact]
    public async Task Every_rule_of_ours_is_confined_to_our_root()
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: true, All);
        var selectors = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.styleSheets].filter(s => s.ownerNode.closest('.unipo')).flatMap(s => [...s.cssRules].flatMap(r => r.media ? [...r.cssRules] : [r]).map(r => r.selectorText ?? r.cssText))
            """
        );
        Assert.NotEmpty(selectors);
        Assert.All(
            selectors.SelectMany(s => s.Split(',')),
            s => Assert.Matches(@"^\s*((\.vscode|\[data-jp-)\S+ )?\.unipo(\.unipo|\[data-theme[^\]]*\])*\s*$", s)
        );
    }

    [Theory, InlineData(360), InlineData(1400)]
    public async Task Page_never_scrolls_sideways(int width)
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, width, scripts: true, All);
        await Wide.AssertNothing(page.Page);
    }

    [Fact]
    public async Task Nothing_is_lost_when_scripts_are_off()
    {
        var output = Sample.Grpo(Sample.Sums()).Tokens().ToHtml();
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: false, output);
        Assert.Equal(27, await page.Page.Locator(".toks > span:visible").CountAsync());
        Assert.Equal(8, await page.Page.Locator("td.shape:visible svg path.axis").CountAsync());
    }

    [Fact]
    public async Task Marks_survive_a_page_that_strips_style_sheets()
    {
        var stripped = System.Text.RegularExpressions.Regex.Replace(
            Sample.Grpo(Sample.Sums()).Tokens().ToHtml() + Sample.Run().Curves().ToHtml(),
            "<style>.*?</style>| class=\"[^\"]*\"",
            ""
        );
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: true, stripped);
        var fills = await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('svg [fill]:not(text)')].map(e => getComputedStyle(e).fill)"
        );
        var strokes = await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('svg [stroke]')].map(e => getComputedStyle(e).stroke)"
        );
        Assert.Contains("rgb(92, 58, 148)", fills);
        Assert.Contains("rgb(181, 90, 7)", fills);
        Assert.DoesNotContain("none", strokes);
    }
}
