using Microsoft.Playwright;
using UniPo.Interactive.Tests.Views;
using UniPo.Interactive.Tests.Widgets;

namespace UniPo.Interactive.Tests.Browser;

/// <summary>What notebooks have done to views, or views to notebooks, and must not happen again.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostDefectTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Keys_of_a_view_do_not_reach_the_notebook_but_its_shortcuts_do()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).Tokens(), Sample.Run().Curves());
        await page.Page.EvaluateAsync(
            "() => { window.heard = []; document.addEventListener('keydown', e => heard.push(e.key)); }"
        );
        await page.Page.Locator("[data-at='0']").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("d");
        await page.Page.Locator(".panel svg").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("() => heard"));
        await page.Page.Keyboard.PressAsync("Control+s");
        Assert.Equal(["Control", "s"], await page.Page.EvaluateAsync<string[]>("() => heard"));
        Assert.Equal(
            "true",
            await page.Page.EvaluateAsync<string>("() => document.activeElement.getAttribute('data-lm-suppress-shortcuts')")
        );
    }

    [Fact]
    public async Task Palette_follows_the_page_where_the_host_names_no_theme()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, HostTheme.Dark, 1100, Sample.Grpo(Sample.Sums()).Tokens());
        const string Scheme = "() => getComputedStyle(document.querySelector('.unipo')).colorScheme";
        Assert.Equal("dark", await page.Page.EvaluateAsync<string>(Scheme));
        // A host that is white although the reader's system is dark.
        await page.Page.EvaluateAsync(
            "() => { document.body.style.background = '#fff'; const v = document.querySelector('.unipo'), at = v.parentElement; v.remove(); at.append(v); }"
        );
        Assert.Equal("light", await page.Page.EvaluateAsync<string>(Scheme));
    }

    [Fact]
    public async Task Lists_of_a_host_that_floats_their_terms_stay_whole()
    {
        await using var page = await WidgetPage.OpenAsync(
            fixture,
            HostTheme.JupyterLight,
            1100,
            Sample.RunWithTokens().Explore()
        );
        await page.Page.AddStyleTagAsync(
            new()
            {
                Content =
                    ".jp-RenderedHTMLCommon dt { float: left; width: 20% } .jp-RenderedHTMLCommon dd { float: left; width: 80% }",
            }
        );
        Assert.Equal(
            ["none"],
            await page.Page.EvaluateAsync<string[]>(
                "() => [...new Set([...document.querySelectorAll('.facts dt, .facts dd')].map(e => getComputedStyle(e).float))]"
            )
        );
    }

    [Fact]
    public async Task Rules_of_one_kind_lie_in_the_page_once_however_many_views_bring_them()
    {
        var batch = Sample.Grpo(Sample.Sums());
        await using var page = await WidgetPage.OpenAsync(
            fixture,
            batch.Tokens(),
            batch.Tokens(),
            batch.Tokens(),
            batch.Tokens()
        );
        Assert.Equal(
            0,
            await page.Page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('.unipo > style')].filter(s => !s.sheet.disabled).length"
            )
        );
        Assert.Equal(2, await page.Page.EvaluateAsync<int>("() => document.adoptedStyleSheets.length"));
        // A copy of the page has its rules in itself.
        Assert.Equal(
            4,
            await page.Page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('.unipo > style')].filter(s => s.textContent).length"
            )
        );
    }

    [Fact]
    public async Task Labels_of_a_drawing_stay_apart_on_a_page_that_shows_only_texts()
    {
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: false,
            Sample.Run().Curves().Markup()
        );
        var text = await page.Page.EvaluateAsync<string>("() => document.querySelector('.panel svg').textContent");
        Assert.Matches(@"0\.5 .*step", text.Replace('\n', ' '));
        Assert.DoesNotMatch(@"\d{4,}", text);
    }

    [Fact]
    public async Task Token_shows_its_numbers_beside_itself_and_a_click_keeps_them_there()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).Tokens());
        Assert.False(await page.Page.Locator(".tip").IsVisibleAsync());
        await page.Page.Locator("[data-at='1']").HoverAsync();
        Assert.True(await page.Page.Locator(".tip").IsVisibleAsync());
        Assert.InRange(await page.Page.EvaluateAsync<double>(Gap, 1), 0, 12);
        await page.Page.Mouse.MoveAsync(0, 0);
        Assert.False(await page.Page.Locator(".tip").IsVisibleAsync());
        await page.Page.Locator("[data-at='1']").ClickAsync();
        await page.Page.Locator("[data-at='9']").HoverAsync();
        Assert.InRange(await page.Page.EvaluateAsync<double>(Gap, 1), 0, 12);
        Assert.Contains("aggregation", await page.Page.InnerTextAsync(".tip ol"), StringComparison.Ordinal);
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.False(await page.Page.Locator(".tip").IsVisibleAsync());
        page.AssertQuiet();
    }

    // Vertical distance of the tip from a token.
    private const string Gap =
        "at => { const t = document.querySelector(`[data-at='${at}']`).getBoundingClientRect(), b = document.querySelector('.tip').getBoundingClientRect(); return b.top > t.top ? b.top - t.bottom : t.top - b.bottom; }";

    [Fact]
    public async Task Equal_responses_are_one_row_with_their_count_that_unfolds()
    {
        var view = Sample.Grpo(Sample.Twins()).Tokens();
        Assert.Contains(" 1  × 3  reward 1", view.ToString(), StringComparison.Ordinal);
        await using var page = await WidgetPage.OpenAsync(fixture, view);
        Assert.Equal(2, await page.Page.Locator("tbody tr:not(.group):visible").CountAsync());
        await page.Page.Locator("button.times").ClickAsync();
        Assert.Equal(4, await page.Page.Locator("tbody tr:not(.group):visible").CountAsync());
        await page.Page.Locator("button.times").ClickAsync();
        await page.Page.GetByLabel("order").SelectOptionAsync("reward+");
        Assert.Equal(2, await page.Page.Locator("tbody tr:not(.group):visible").CountAsync());
        page.AssertQuiet();
    }

    [Fact]
    public async Task Page_that_a_view_saves_is_complete_quiet_and_offline()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var file = Path.Combine(folder, "curves.html");
            Sample.Run().Curves().Save(file);
            var html = await File.ReadAllTextAsync(file);
            Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
            Assert.Contains("<title>GRPO</title>", html, StringComparison.Ordinal);
            await using var context = await fixture.Browser.NewContextAsync();
            var page = await context.NewPageAsync();
            var faults = new List<string>();
            page.Console += (_, message) => faults.Add(message.Text);
            page.PageError += (_, error) => faults.Add(error);
            await page.GotoAsync(new Uri(file).AbsoluteUri);
            Assert.NotEqual(0, await page.Locator(".unipo[data-ready]").CountAsync());
            Assert.Empty(faults);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Assert.Throws<ArgumentException>(() => Sample.Run().Curves().Save(" "));
    }

    [Fact]
    public async Task Table_is_copied_as_csv()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, EveryView.Example("table of a cell's own rows"));
        // A page without an address has no clipboard; the browser's own is put in its place.
        await page.Page.EvaluateAsync(
            "() => { Object.defineProperty(navigator, 'clipboard', { value: { writeText: t => { window.copied = t; return Promise.resolve(); } } }); const v = document.querySelector('.unipo'), at = v.parentElement; v.remove(); at.append(v); }"
        );
        await page.Page.GetByText("copy as CSV").ClickAsync();
        Assert.Equal("response,push with\n5$,0.125\n<b>,-0.250\n", await page.Page.EvaluateAsync<string>("() => copied"));
    }
}
