using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>
/// Algorithms put on the rollouts of another one in a real browser: each gives C#'s numbers, or says why it cannot be tried.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class WhatIfAlgorithmsTests(BrowserFixture fixture)
{
    internal static RolloutBatch Batch => Rich(Sample.Large(3, 4, 8));

    // Everything that any algorithm asks for: values, greedy responses, a rubric.
    private static RolloutBatch Rich(RolloutBatch batch) =>
        batch with
        {
            OldValues = Column(batch, t => 0.3 + 0.1 * Math.Sin(t)),
            Values = Column(batch, t => 0.35 + 0.1 * Math.Sin(t)),
            GreedyRewards = [.. batch.Groups.Select((_, g) => g % 2 * 1.0)],
            Groups =
            [
                .. batch.Groups.Select(g =>
                    g with
                    {
                        Responses =
                        [
                            .. g.Responses.Select(
                                (r, i) => r with { RewardParts = [r.Reward, i % 2], RewardConfidences = [1, 0.25 + 0.04 * i] }
                            ),
                        ],
                    }
                ),
            ],
        };

    private static TokenColumn Column(RolloutBatch batch, Func<int, double> of) =>
        new(batch.Layout, [.. Enumerable.Range(0, batch.Layout.Tokens).Select(of)]);

    public static TheoryData<string> Presets => [.. Algorithms.All.Select(a => a.Name)];

    [Theory, MemberData(nameof(Presets))]
    public async Task Every_algorithm_on_the_same_rollouts_gives_the_numbers_of_CSharp(string name)
    {
        var (batch, objective) = (Batch, Algorithms.Named(name));
        await using var page = await WidgetPage.OpenAsync(fixture, Algorithms.Grpo.Evaluate(batch).WhatIf());
        await page.Page.GetByLabel("algorithm").SelectOptionAsync(new Microsoft.Playwright.SelectOptionValue { Label = name });
        var report = objective.Evaluate(batch);

        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both thead th >> nth=2"))
            .ToHaveTextAsync(name == "GRPO" ? "now" : name);
        Assert.Equal(
            Numbers.Short(report.Summary.Objective),
            await page.Page.InnerTextAsync(".both tbody tr:nth-child(1) td:nth-of-type(2)")
        );
        Assert.Equal(
            Numbers.Share(report.Summary.TokensWithoutGradient),
            await page.Page.InnerTextAsync(".both tbody tr:nth-child(3) td:nth-of-type(2)")
        );
        foreach (var token in (int[])[0, 7, 20, batch.Layout.Tokens - 1])
        {
            await page.Page.Locator($"[data-at='{token}']").FocusAsync();
            var why = await page.Page.InnerTextAsync(".inspect");
            if (report.Batch.Layout.IsActive(token))
                Assert.Contains($"w = {Numbers.Signed(report.Weight.Values[token])}:", why, StringComparison.Ordinal);
            else
                Assert.Contains("This token does not count", why, StringComparison.Ordinal);
        }
        page.AssertQuiet();
    }

    [Fact]
    public async Task Cut_responses_are_left_out_and_put_back()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).WhatIf());
        await page
            .Page.Locator("[data-knob=part]")
            .SelectOptionAsync(new Microsoft.Playwright.SelectOptionValue { Label = "filters: cut responses left out" });
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".toks small", new() { HasText = "masked" }))
            .ToHaveCountAsync(6);
        var changed = Algorithms.Grpo with { Filters = new() { DropTruncated = true } };
        Assert.Equal(
            Numbers.Short(changed.Evaluate(Sample.Sums()).Summary.Objective),
            await page.Page.InnerTextAsync(".both tbody tr:nth-child(1) td:nth-of-type(2)")
        );

        await page.Page.Locator("[data-knob=reset]").ClickAsync();
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".toks small", new() { HasText = "masked" }))
            .ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_DAPO_had_left_out_comes_back_under_another_algorithm()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Algorithms.Dapo.Evaluate(Sample.Sums()).WhatIf());
        Assert.Equal(6, await page.Page.Locator(".toks small", new() { HasText = "masked" }).CountAsync());
        await page.Page.GetByLabel("algorithm").SelectOptionAsync(new Microsoft.Playwright.SelectOptionValue { Label = "GRPO" });
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".toks small", new() { HasText = "masked" }))
            .ToHaveCountAsync(0);
        Assert.Equal(
            Numbers.Short(Sample.Grpo(Sample.Sums()).Summary.Objective),
            await page.Page.InnerTextAsync(".both tbody tr:nth-child(1) td:nth-of-type(2)")
        );
    }

    [Fact]
    public async Task Algorithms_that_lack_their_data_are_named_with_the_reason()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).WhatIf());
        await page.Page.Locator(".without summary").ClickAsync();
        var reasons = await page.Page.Locator(".without .note").AllInnerTextsAsync();
        Assert.Contains(
            reasons,
            r => r.StartsWith("TRPO, PPO: GAE needs OldValues, but the batch has none.", StringComparison.Ordinal)
        );
        Assert.Contains(reasons, r => r.StartsWith("ReMax: ", StringComparison.Ordinal));
        Assert.Contains(reasons, r => r.StartsWith("GRAPE (our interpretation): A rubric needs", StringComparison.Ordinal));
        var offered = await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelector('[data-knob=algorithm]').options].map(o => o.text)"
        );
        Assert.Equal(
            Algorithms.All.Select(a => a.Name).Except(["TRPO", "PPO", "ReMax", "GRAPE (our interpretation)"]).Order(),
            offered.Order()
        );
    }

    [Fact]
    public async Task Cut_table_offers_what_the_tokens_that_are_shown_allow()
    {
        var batch = Rich(Sample.Large(8, 16, 40));
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(batch).WhatIf());
        await page.Page.Locator(".without summary").ClickAsync();
        var reasons = await page.Page.Locator(".without .note").AllInnerTextsAsync();
        Assert.Contains(reasons, r => r.StartsWith("REINFORCE++, TRPO, PPO: Whitening takes", StringComparison.Ordinal));
        Assert.Contains(reasons, r => r.StartsWith("Clip-Cov, KL-Cov: Tokens are chosen among all", StringComparison.Ordinal));
        foreach (var name in (string[])["RLOO", "GSPO", "DPO", "DAPO", "GRAPE (our interpretation)"])
        {
            await page
                .Page.GetByLabel("algorithm")
                .SelectOptionAsync(new Microsoft.Playwright.SelectOptionValue { Label = name });
            await Microsoft.Playwright.Assertions.Expect(page.Page.Locator(".both thead th >> nth=2")).ToHaveTextAsync(name);
            var report = Algorithms.Named(name).Evaluate(batch);
            await page.Page.Mouse.MoveAsync(1, 1); // what is pointed at would be explained instead
            await page.Page.Locator("[data-at='3']").FocusAsync();
            Assert.Contains(
                $"w = {Numbers.Signed(report.Weight.Values[3])}:",
                await page.Page.InnerTextAsync(".inspect"),
                StringComparison.Ordinal
            );
        }
    }
}
