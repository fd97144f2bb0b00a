using Microsoft.Playwright;
using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The moment in a real browser: a scrubber, one play of twenty seconds, knobs, and complete without a script.</summary>
[Collection(BrowserTests.Name)]
public sealed class MomentWidgetTests(BrowserFixture fixture)
{
    // Heights of the first token's bar of each answer, in the order of the rows.
    private const string Heights =
        "() => [...document.querySelectorAll('.stage tbody tr')].map(r => +r.querySelector('td:nth-child(2) rect').getAttribute('height'))";
    private const string Push =
        "() => [...document.querySelectorAll('.stage tbody td:nth-child(2) .push')].map(e => e.textContent).join(' ')";

    private static Moment View => Sample.Followed().Moment();

    [Fact]
    public async Task Scrubber_moves_the_bars_and_leaves_the_rows_where_they_are()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        var rows = await page.Page.Locator(".stage tbody th b").AllInnerTextsAsync();
        Assert.Equal("157", rows[0]);
        var first = await page.Page.EvaluateAsync<double[]>(Heights);
        await page.Page.Locator(".scrub").FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        Assert.Equal("step 40", await page.Page.InnerTextAsync(".stage thead th:nth-child(2)"));
        var last = await page.Page.EvaluateAsync<double[]>(Heights);
        Assert.True(last[0] > first[0] && last[1] < first[1], "157 grows, 47 shrinks");
        Assert.Equal(Math.Round(0.92 * 76, 1), last[0]);
        Assert.Equal(rows, await page.Page.Locator(".stage tbody th b").AllInnerTextsAsync());
        await page.Page.GetByLabel("step before").ClickAsync();
        Assert.StartsWith("step 30: 157 ", await page.Page.InnerTextAsync("[role=status]"), StringComparison.Ordinal);
        page.AssertQuiet();
    }

    [Fact]
    public async Task Played_once_it_tells_its_story_in_twenty_seconds()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.Clock.InstallAsync();
        await page.Page.GetByText("▶ play").ClickAsync();
        Assert.StartsWith("Before: asked 99+58=", await page.Page.InnerTextAsync(".told"), StringComparison.Ordinal);
        await page.Page.Clock.RunForAsync(20_100);
        Assert.StartsWith("After step 40: 157", await page.Page.InnerTextAsync(".told"), StringComparison.Ordinal);
        Assert.Equal("▶ play", await page.Page.InnerTextAsync(".play"));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Another_algorithm_changes_the_pushes_under_the_hand_and_the_way_back_restores_them()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.Locator(".scrub").FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        var before = await page.Page.EvaluateAsync<string>(Push);
        await page.Page.GetByText("What if …").ClickAsync();
        await page
            .Page.GetByLabel("algorithm", new() { Exact = true })
            .SelectOptionAsync(new SelectOptionValue { Label = "REINFORCE" });
        Assert.NotEqual(before, await page.Page.EvaluateAsync<string>(Push));
        await page.Page.GetByText("as it was").ClickAsync();
        Assert.Equal(before, await page.Page.EvaluateAsync<string>(Push));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Without_a_script_three_steps_stand_side_by_side_with_their_numbers()
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: false, View.Markup());
        Assert.Equal(["answer", "step 0", "step 20", "step 40"], await page.Page.Locator(".stage thead th").AllInnerTextsAsync());
        Assert.Equal(33, await page.Page.Locator(".tube rect:visible").CountAsync());
    }

    [Theory, InlineData(HostTheme.Light, 1100), InlineData(HostTheme.Dark, 390), InlineData(HostTheme.VsCodeHighContrast, 768)]
    public async Task Axe_has_nothing_to_object_to_and_nothing_is_too_wide(HostTheme theme, int width)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, theme, width, View);
        await Wide.AssertNothing(page.Page);
        await Axe.AssertNothing(page.Page);
    }

    [Fact]
    public void Training_that_is_followed_keeps_the_group_and_trains_as_it_would_anyway()
    {
        var task = Tasks.Addition(digits: 1);
        Trainer Fresh() =>
            new(
                TinyTransformer.Create(
                    new TinyTransformerConfig
                    {
                        Layers = 1,
                        Width = 16,
                        Heads = 2,
                        ContextLength = 16,
                    },
                    task.Vocabulary!,
                    seed: 1
                ),
                task,
                Algorithms.Grpo,
                new TrainerOptions
                {
                    Seed = 1,
                    Prompts = 2,
                    Group = 4,
                    HeldOutPrompts = 4,
                }
            );
        var followed = Fresh().Follow(6, task.TrainingPrompts[0], group: 5, moments: 4);
        Assert.Equal([0, 2, 4, 6], followed.Group.Steps.Select(s => s.Step));
        Assert.All(followed.Group.Steps, s => Assert.Equal(5, s.Report!.Batch.Responses.Count));
        Assert.Equal(Fresh().Train(6).Curve("reward"), followed.Run.Curve("reward"));
        Assert.Equal(
            followed.Group.Steps[1].Report!.Batch.LogProbs.Values.ToArray(),
            followed.Group.Steps[2].Report!.Batch.OldLogProbs.Values.ToArray()
        );
        Assert.Contains(
            "was 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => Fresh().Follow(6, task.TrainingPrompts[0], group: 1)).Message,
            StringComparison.Ordinal
        );
    }
}
