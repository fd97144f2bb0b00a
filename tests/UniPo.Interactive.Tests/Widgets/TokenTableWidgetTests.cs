using System.Text.Json;
using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The token table in a real browser: colours, order, filter, keyboard, and why a token has its weight.</summary>
[Collection(BrowserTests.Name)]
public sealed class TokenTableWidgetTests(BrowserFixture fixture)
{
    private const string Table =
        "() => document.querySelector('.unipo table').outerHTML.replace(/ (role|tabindex|data-at)=\"[^\"]*\"/g, '')";

    private static TokenTable View => Sample.Grpo(Sample.Sums()).Tokens();

    [Fact]
    public async Task Script_leaves_the_static_table_as_it_was()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await using var still = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: true, View.Markup());

        Assert.Equal(await still.Page.EvaluateAsync<string>(Table), await page.Page.EvaluateAsync<string>(Table));
        page.AssertQuiet();
    }

    [
        Theory,
        InlineData(TokenColour.Weight),
        InlineData(TokenColour.Ratio),
        InlineData(TokenColour.Probability),
        InlineData(TokenColour.Advantage),
        InlineData(TokenColour.Entropy),
        InlineData(TokenColour.Kl),
        InlineData(TokenColour.LogProb),
        InlineData(TokenColour.Objective)
    ]
    public async Task Colouring_in_the_browser_gives_what_CSharp_draws(TokenColour colour)
    {
        var batch = Sample.Large(3, 6, 9);
        await using var page = await WidgetPage.OpenAsync(
            fixture,
            Sample.Grpo(batch).Tokens(colour == TokenColour.Weight ? TokenColour.Advantage : TokenColour.Weight)
        );
        await using var drawn = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            Sample.Grpo(batch).Tokens(colour).Markup()
        );
        const string Marks = """
            () => [...document.querySelectorAll('.unipo table')].flatMap(t => [t.querySelector('thead th:last-child').textContent, t.querySelector('.legend').textContent,
              ...[...t.querySelectorAll('.toks span:not(.more)')].map(s => s.className + ' ' + s.textContent)])
            """;

        await page.Page.SelectOptionAsync("select >> nth=0", JsonNamingPolicy.CamelCase.ConvertName(colour.ToString()));

        Assert.Equal(await drawn.Page.EvaluateAsync<string[]>(Marks), await page.Page.EvaluateAsync<string[]>(Marks));
    }

    [Fact]
    public async Task Focused_token_says_why_it_has_its_weight()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.Locator("[data-at='3']").FocusAsync();

        var why = await page.Page.InnerTextAsync(".inspect");
        var report = Sample.Grpo(Sample.Sums());
        foreach (
            var part in (string[])["ratio", "advantage", "trust region", "KL", "aggregation", "weight", "log π_old", "entropy"]
        )
            Assert.Contains(part, why, StringComparison.Ordinal);
        Assert.Contains(Numbers.Signed(report.Weight.Values[3]), why, StringComparison.Ordinal);
        Assert.Contains(Numbers.Short(report.Ratio!.Values[3]), why, StringComparison.Ordinal);
        Assert.Contains(
            $"counts {Numbers.Short(report.AggregationWeight!.Values[3])} in the sum", // 1/(8 · 3)
            why,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Clipped_token_names_the_branch_that_stopped_it()
    {
        var report = Sample.Grpo(Sample.Large());
        var token = report.Clipped!.ToList().IndexOf(ClipSide.High);
        await using var page = await WidgetPage.OpenAsync(fixture, report.Tokens());
        await page.Page.Locator($"[data-at='{token}']").FocusAsync();

        Assert.Contains(
            "is above 1.2 and A > 0: the token has been raised far enough. The clipped branch is smaller and constant, so there is no gradient.",
            await page.Page.InnerTextAsync(".inspect"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Keyboard_alone_reaches_every_token_through_one_tab_stop()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        // One stop each: the toolbar, the tokens, the words at the end.
        Assert.Equal(3, await page.Page.EvaluateAsync<int>(WidgetPage.TabStops));

        async Task<string> Press(params string[] keys)
        {
            foreach (var key in keys)
                await page.Page.Keyboard.PressAsync(key);
            return await page.Page.EvaluateAsync<string>(
                "() => document.activeElement.dataset.at ?? document.activeElement.localName"
            );
        }

        Assert.Equal("select", await Press("Tab"));
        Assert.Equal("0", await Press("Tab"));
        Assert.Equal("1", await Press("ArrowRight"));
        Assert.Equal("4", await Press("ArrowDown"));
        Assert.Equal("5", await Press("End"));
        Assert.Equal("6", await Press("ArrowRight"));
        Assert.Equal("26", await Press("Control+End"));
        Assert.Equal("0", await Press("Control+Home"));
        Assert.Equal("0", await Press("Escape"));
        Assert.False(await page.Page.Locator(".inspect").IsVisibleAsync());
    }

    [Fact]
    public async Task Toolbar_is_one_tab_stop_and_arrows_move_inside_it()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.Keyboard.PressAsync("Tab");
        foreach (var label in (string[])["colour by", "range", "order", "show", "colour by"])
        {
            Assert.Equal(label, await page.Page.EvaluateAsync<string>("() => document.activeElement.labels[0].textContent"));
            await page.Page.Keyboard.PressAsync("ArrowRight");
        }
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("objective", await page.Page.EvaluateAsync<string>("() => document.activeElement.value"));
    }

    [Fact]
    public async Task Pointing_at_a_token_explains_it_and_leaving_returns_to_the_focused_one()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.Locator("[data-at='4']").FocusAsync();
        await page.Page.Locator("[data-at='7']").HoverAsync();
        Assert.Contains("token 2 of 3, response 3", await page.Page.InnerTextAsync(".inspect"), StringComparison.Ordinal);

        await page.Page.Mouse.MoveAsync(2, 2);
        Assert.Contains("token 2 of 3, response 2", await page.Page.InnerTextAsync(".inspect"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_are_sorted_inside_their_prompt_and_filtered()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        const string Rows =
            "() => [...document.querySelectorAll('tbody:not([hidden]) tr:not(.group):not([hidden]) th')].map(e => e.textContent.trim()).join(' ')";

        await page.Page.GetByLabel("order").SelectOptionAsync("reward-");
        Assert.Equal("1 3 2 4 1 2 3 4", await page.Page.EvaluateAsync<string>(Rows));
        await page.Page.GetByLabel("show").SelectOptionAsync("reward=0");
        Assert.Equal("2 4", await page.Page.EvaluateAsync<string>(Rows));
        await page.Page.GetByLabel("show").SelectOptionAsync("truncated");
        Assert.Equal("4", await page.Page.EvaluateAsync<string>(Rows));
        Assert.Equal("1 response shown, highest reward first", await page.Page.InnerTextAsync("[role=status]"));
    }

    [Fact]
    public async Task Arrow_keys_skip_what_the_filter_hides()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.GetByLabel("show").SelectOptionAsync("reward=0");
        await page.Page.Locator("[data-at='3']").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");

        Assert.Equal("9", await page.Page.EvaluateAsync<string>("() => document.activeElement.dataset.at"));
    }

    [
        Theory,
        InlineData(HostTheme.Light),
        InlineData(HostTheme.Dark),
        InlineData(HostTheme.VsCodeDark),
        InlineData(HostTheme.JupyterDark),
        InlineData(HostTheme.VsCodeHighContrast)
    ]
    public async Task Axe_has_nothing_to_object_to_in_what_the_script_adds(HostTheme theme)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, theme, 1100, View);
        await page.Page.Locator("[data-at='4']").FocusAsync();
        await Axe.AssertNothing(page.Page);
    }

    [Theory, InlineData(360), InlineData(1400)]
    public async Task Page_never_scrolls_sideways(int width)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, HostTheme.Light, width, Sample.Grpo(Sample.Large()).Tokens());
        await page.Page.Locator("[data-at='4']").FocusAsync();
        Assert.Equal(
            0,
            await page.Page.EvaluateAsync<int>(
                "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
            )
        );
    }
}
