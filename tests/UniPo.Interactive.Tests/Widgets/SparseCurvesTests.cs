using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>Curves of a metric that only some steps measure.</summary>
[Collection(BrowserTests.Name)]
public sealed class SparseCurvesTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Metric_of_every_tenth_step_is_one_line_with_and_without_the_script()
    {
        TrainingRun Sparse(TrainingRun run) => run.Measuring(s => s.Metrics.Where(m => m.Key != "kl" || s.Step % 10 == 0));
        await using var page = await WidgetPage.OpenAsync(
            fixture,
            Sparse(Sample.Run(60)).Curves(),
            Sample.Seeds().Select(Sparse).Curves()
        );
        const string Lines =
            "() => [...document.querySelectorAll('[data-metric=kl] svg .c')].map(p => (p.getAttribute('d').match(/M/g) ?? []).length).join(' ')";
        // One run, its running mean, and two settings with bands: each is one stroke.
        Assert.Equal("1 1 1 1", await page.Page.EvaluateAsync<string>(Lines));
        foreach (var button in await page.Page.GetByText("whole run").AllAsync())
            await button.ClickAsync();
        Assert.Equal("1 1 1 1", await page.Page.EvaluateAsync<string>(Lines));
        await page.Page.Locator(".unipo >> nth=0").Locator("[data-metric=kl] svg").FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        Assert.Equal("step 59: —", await page.Page.Locator(".unipo >> nth=0").Locator("[data-metric=kl] .now").InnerTextAsync());
        page.AssertQuiet();
    }
}
