using Microsoft.Playwright;
using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The linked comparison and the ranking in a real browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class ComparisonWidgetTests(BrowserFixture fixture)
{
    private const string Linked = "() => [...document.querySelectorAll('.linked')].map(t => Number(t.dataset.at)).join(' ')";

    [Fact]
    public async Task Token_is_marked_under_every_objective_and_explained_side_by_side()
    {
        var reports = Sample.Reports();
        await using var page = await WidgetPage.OpenAsync(fixture, reports.SideBySide());
        // The second token of the second response: six rows of three tokens before it, three objectives.
        await page.Page.Locator("[data-at='10']").HoverAsync();
        Assert.Equal("10 13 16", await page.Page.EvaluateAsync<string>(Linked));
        var rows = await page.Page.Locator(".inspect tbody tr").AllInnerTextsAsync();
        Assert.All(
            reports.Zip(rows),
            pair =>
            {
                Assert.StartsWith(pair.First.Objective.Name, pair.Second, StringComparison.Ordinal);
                Assert.Contains(Numbers.Signed(pair.First.Weight.Values[4]), pair.Second, StringComparison.Ordinal);
                Assert.Contains(Numbers.Signed(pair.First.Advantage!.Values[4]), pair.Second, StringComparison.Ordinal);
            }
        );
        Assert.Contains(
            "token 2 of 3, response 2 to 37+58=, reward 0",
            await page.Page.InnerTextAsync(".inspect .which"),
            StringComparison.Ordinal
        );
        page.AssertQuiet();
    }

    [Fact]
    public async Task Arrow_keys_lead_from_one_objective_to_the_next()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Reports().SideBySide());
        await page.Page.Locator("[data-at='0']").FocusAsync();
        foreach (
            var (key, place, linked) in new[]
            {
                ("ArrowDown", "3", "0 3 6"),
                ("ArrowRight", "4", "1 4 7"),
                ("ArrowDown", "7", "1 4 7"),
                ("ArrowDown", "10", "10 13 16"),
            }
        )
        {
            await page.Page.Keyboard.PressAsync(key);
            Assert.Equal(place, await page.Page.EvaluateAsync<string>("() => document.activeElement.dataset.at"));
            Assert.Equal(linked, await page.Page.EvaluateAsync<string>(Linked));
        }
        Assert.Contains("GRPO ", await page.Page.InnerTextAsync("[role=status]"), StringComparison.Ordinal);
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.Equal("", await page.Page.EvaluateAsync<string>(Linked));
        Assert.Equal(3, await page.Page.EvaluateAsync<int>(WidgetPage.TabStops)); // the summary, which can scroll, the tokens, the words
    }

    [Fact]
    public async Task Objective_that_masks_responses_is_computed_with_its_mask()
    {
        var reports = new[] { Algorithms.Dapo.Evaluate(Sample.Sums()), Algorithms.Grpo.Evaluate(Sample.Sums()) };
        await using var page = await WidgetPage.OpenAsync(fixture, reports.SideBySide());
        await page.Page.Locator("[data-at='18']").FocusAsync(); // first token of the response that was cut off
        var rows = await page.Page.Locator(".inspect tbody tr").AllInnerTextsAsync();
        Assert.Contains("masked", rows[0], StringComparison.Ordinal);
        Assert.Contains(Numbers.Signed(reports[1].Weight.Values[9]), rows[1], StringComparison.Ordinal);
        await page.Page.Locator("[data-at='0']").FocusAsync();
        Assert.Contains(
            Numbers.Signed(reports[0].Weight.Values[0]),
            (await page.Page.Locator(".inspect tbody tr").AllInnerTextsAsync())[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Setting_that_is_pointed_at_or_chosen_stands_out_everywhere()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Seeds().Ranking());
        const string Faint =
            "() => [...document.querySelectorAll('.panels .panel:first-child svg > g')].filter(g => !g.dataset.added && +getComputedStyle(g).opacity < 1).map(g => g.getAttribute('class')).join(' ')";
        Assert.Equal("", await page.Page.EvaluateAsync<string>(Faint));
        await page.Page.Locator("tr[data-series='1']").HoverAsync();
        Assert.Equal("l0", await page.Page.EvaluateAsync<string>(Faint)); // GRPO; Dr. GRPO is l2
        Assert.Equal(
            "1",
            await page.Page.EvaluateAsync<string>("() => document.querySelector('.standings .this').dataset.series")
        );
        await page.Page.Mouse.MoveAsync(0, 0);
        Assert.Equal("", await page.Page.EvaluateAsync<string>(Faint));

        await page.Page.GetByLabel("bring out").SelectOptionAsync(new SelectOptionValue { Label = "GRPO" });
        Assert.Equal("l2", await page.Page.EvaluateAsync<string>(Faint));
        Assert.Equal("GRPO", await page.Page.InnerTextAsync("[role=status]"));
        await page.Page.GetByLabel("bring out").SelectOptionAsync(new SelectOptionValue { Label = "all settings alike" });
        Assert.Equal("", await page.Page.EvaluateAsync<string>(Faint));
        page.AssertQuiet();
    }

    [
        Theory,
        InlineData(HostTheme.Light),
        InlineData(HostTheme.Dark),
        InlineData(HostTheme.HighContrast),
        InlineData(HostTheme.VsCodeDark),
        InlineData(HostTheme.JupyterDark)
    ]
    public async Task Axe_has_nothing_to_object_to_while_they_are_used(HostTheme theme)
    {
        await using var page = await WidgetPage.OpenAsync(
            fixture,
            theme,
            1100,
            Sample.Seeds().Ranking(),
            Sample.Reports().SideBySide()
        );
        await page.Page.GetByLabel("bring out").SelectOptionAsync(new SelectOptionValue { Label = "GRPO" });
        await page.Page.Locator("[data-at='10']").FocusAsync();
        await Axe.AssertNothing(page.Page);
    }

    [Fact]
    public async Task Live_picture_grows_in_place_and_ends_as_the_finished_curves()
    {
        var run = Sample.Run(24);
        View Now(int steps) => new LiveCurves(run with { Steps = [.. run.Steps.Take(steps)] }, 24);
        await using var page = await WidgetPage.OpenAsync(fixture, Now(1));
        List<double> heights = [];
        foreach (var view in (View[])[Now(1), Now(6), Now(15), run.Curves()])
        {
            await page.Page.EvaluateAsync(
                "html => { document.querySelectorAll('main > div')[1].innerHTML = html; }",
                view.Markup()
            );
            heights.Add(
                await page.Page.EvaluateAsync<double>("() => document.querySelector('.panels').getBoundingClientRect().height")
            );
        }
        Assert.Equal(heights[0], heights[1], 1);
        Assert.Equal(heights[0], heights[2], 1);
        // The last picture is the one with the controls.
        Assert.Equal(
            "learning curves",
            await page.Page.EvaluateAsync<string>("() => document.querySelector('.unipo').localName.slice(6).replace('-', ' ')")
        );
        await page.Page.Locator(".panel svg").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        Assert.StartsWith("step 23: ", await page.Page.Locator(".panel .now").First.InnerTextAsync(), StringComparison.Ordinal);
        page.AssertQuiet();
    }
}
