using Microsoft.Playwright;
using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>
/// The guided tour in a real browser: play, pause, step, keyboard, reduced motion, and complete without a script.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class TourWidgetTests(BrowserFixture fixture)
{
    private const string Shown =
        "() => [...document.querySelectorAll('.beats > li')].filter(b => b.checkVisibility({ visibilityProperty: true })).map(b => b.dataset.beat).join(' ')";
    private const string All = "prompts responses rewards advantages weights update";

    private static GuidedTour View => Sample.RunWithTokens(2).Steps[1].Tour();

    [Fact]
    public async Task All_six_beats_are_there_with_and_without_a_script_until_the_tour_is_started()
    {
        await using var still = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: false, View.Markup());
        await using var page = await WidgetPage.OpenAsync(fixture, View);

        Assert.Equal(6, await still.Page.Locator(".beats > li:visible").CountAsync());
        Assert.Equal(await still.Page.InnerTextAsync(".beats"), await page.Page.InnerTextAsync(".beats"));
        Assert.Equal(All, await page.Page.EvaluateAsync<string>(Shown));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Play_goes_from_beat_to_beat_and_stops_at_the_last()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.Clock.InstallAsync();
        await page.Page.GetByText("▶ play").ClickAsync();
        foreach (var beat in All.Split(' '))
        {
            Assert.Equal(beat, await page.Page.EvaluateAsync<string>(Shown));
            await page.Page.Clock.RunForAsync(5100);
        }
        Assert.Equal("update", await page.Page.EvaluateAsync<string>(Shown));
        Assert.Equal("▶ play", await page.Page.InnerTextAsync(".play"));
        Assert.StartsWith("beat 6 of 6: update", await page.Page.InnerTextAsync("[role=status]"), StringComparison.Ordinal);
        page.AssertQuiet();
    }

    [Fact]
    public async Task Pause_holds_the_beat_and_the_pace_can_be_chosen()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.Clock.InstallAsync();
        await page.Page.GetByLabel("pace").SelectOptionAsync("3");
        await page.Page.GetByText("▶ play").ClickAsync();
        await page.Page.Clock.RunForAsync(3100);
        await page.Page.GetByText("pause").ClickAsync();
        await page.Page.Clock.RunForAsync(20_000);
        Assert.Equal("responses", await page.Page.EvaluateAsync<string>(Shown));

        await page.Page.GetByText("▶ play").ClickAsync();
        await page.Page.Clock.RunForAsync(3100);
        Assert.Equal("rewards", await page.Page.EvaluateAsync<string>(Shown));
    }

    [Fact]
    public async Task Keyboard_alone_steps_plays_and_returns_to_all_six()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        async Task<string> Press(params string[] keys)
        {
            foreach (var key in keys)
                await page.Page.Keyboard.PressAsync(key);
            return await page.Page.EvaluateAsync<string>(Shown);
        }

        // Tab reaches the toolbar, arrows its buttons; the beat on the stage is the next stop.
        Assert.Equal("prompts", await Press("Tab", "ArrowRight", "ArrowRight", "Enter"));
        Assert.Equal("responses", await Press("Tab", "ArrowRight"));
        Assert.Equal("update", await Press("End"));
        Assert.Equal("weights", await Press("ArrowLeft"));
        Assert.Equal("prompts", await Press("Home"));
        Assert.Equal("prompts", await Press("ArrowLeft"));
        await Press(" ");
        Assert.Contains("pause", await page.Page.InnerTextAsync(".play"), StringComparison.Ordinal);
        Assert.Equal(All, await Press("Escape"));
        Assert.Equal("▶ play", await page.Page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Chips_open_a_beat_and_all_six_brings_the_others_back()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View, View);
        await page.Page.GetByText("5 weights").First.ClickAsync();
        Assert.Equal("weights " + All, await page.Page.EvaluateAsync<string>(Shown)); // the second tour is left alone
        Assert.Equal("5 weights", await page.Page.InnerTextAsync("[aria-current=step]"));
        await page.Page.GetByText("all six").First.ClickAsync();
        Assert.Equal(All + " " + All, await page.Page.EvaluateAsync<string>(Shown));
    }

    [Theory, InlineData(ReducedMotion.Reduce, false), InlineData(ReducedMotion.NoPreference, true)]
    public async Task Nothing_moves_for_a_reader_who_asked_for_that(ReducedMotion wish, bool moves)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.EmulateMediaAsync(new() { ReducedMotion = wish });
        await page.Page.GetByText("3 rewards").ClickAsync();
        Assert.Equal(moves, await page.Page.EvaluateAsync<bool>("() => document.getAnimations().length > 0"));
        Assert.Equal("rewards", await page.Page.EvaluateAsync<string>(Shown));
    }

    [Fact]
    public async Task Printed_page_shows_all_six()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.GetByText("3 rewards").ClickAsync();
        await page.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal(All, await page.Page.EvaluateAsync<string>(Shown));
    }

    [Fact]
    public async Task Copy_of_a_running_tour_starts_with_all_six()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.GetByText("3 rewards").ClickAsync();
        await page.Page.EvaluateAsync(
            "() => { const v = document.querySelector('.unipo'); const copy = v.cloneNode(true); v.replaceWith(copy); }"
        );
        Assert.Equal(All, await page.Page.EvaluateAsync<string>(Shown));
        Assert.Equal(1, await page.Page.Locator(".bar").CountAsync());
    }

    [Theory, InlineData(HostTheme.Light), InlineData(HostTheme.VsCodeDark), InlineData(HostTheme.VsCodeHighContrast)]
    public async Task Axe_has_nothing_to_object_to_on_the_stage(HostTheme theme)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, theme, 1100, View);
        await page.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.Page.GetByText("4 advantages").ClickAsync();
        await Axe.AssertNothing(page.Page);
    }
}
