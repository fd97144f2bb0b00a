using System.Text.Json;
using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>What-if in a real browser: knobs recolour the tokens, and every algorithm's weights are those of C#.</summary>
[Collection(BrowserTests.Name)]
public sealed class WhatIfWidgetTests(BrowserFixture fixture)
{
    private const string Classes = "() => [...document.querySelectorAll('.toks > span:not(.more)')].map(s => s.className)";

    private static RolloutBatch Batch => Rich(Sample.Large(3, 4, 8));

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
    public async Task Sliders_recolour_at_once_and_show_both_numbers()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Large()).WhatIf());
        var before = await page.Page.EvaluateAsync<string[]>(Classes);
        await page.Page.GetByLabel("ε_low").FillAsync("0.02");
        await page.Page.GetByLabel("ε_high").FillAsync("0.02");
        var changed = Algorithms.Grpo with { Clip = new Clip(0.02, 0.02) };
        var (was, now) = (Sample.Grpo(Sample.Large()).Summary, changed.Evaluate(Sample.Large()).Summary);
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(2)"))
            .ToHaveTextAsync(
                $"clipped{Numbers.Share(was.ClipFraction!.Value)}{Numbers.Share(now.ClipFraction!.Value)}{Numbers.Share(now.ClipFraction!.Value - was.ClipFraction!.Value)}"
            );
        Assert.NotEqual(before, await page.Page.EvaluateAsync<string[]>(Classes));
        Assert.Equal("0.02", await page.Page.Locator("[data-knob=low] + output").InnerTextAsync());

        await page.Page.Locator("[data-knob=reset]").ClickAsync();
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(2) td >> nth=2"))
            .ToHaveTextAsync("=");
        Assert.Equal(before, await page.Page.EvaluateAsync<string[]>(Classes));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Beta_std_and_aggregation_are_knobs_too()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Large()).WhatIf());
        await page.Page.GetByLabel("β", new() { Exact = true }).FillAsync("0.1");
        await page.Page.GetByLabel("÷ std").UncheckAsync();
        await page.Page.GetByLabel("aggregation").SelectOptionAsync("token-mean");
        var changed = Algorithms.Grpo with
        {
            Advantage = new GroupMean(),
            Aggregation = Aggregation.TokenMean,
            Kl = Kl.InLoss(0.1),
        };
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(1) td >> nth=1"))
            .ToHaveTextAsync(Numbers.Short(changed.Evaluate(Sample.Large()).Summary.Objective));
        Assert.Equal(
            "changed by hand",
            await page.Page.EvaluateAsync<string>("() => document.querySelector('[data-knob=algorithm]').selectedOptions[0].text")
        );
    }

    [Fact]
    public async Task Gamma_and_lambda_are_knobs_where_values_are_known()
    {
        var batch = Batch;
        await using var page = await WidgetPage.OpenAsync(fixture, Algorithms.Ppo.Evaluate(batch).WhatIf());
        await page.Page.GetByLabel("γ").FillAsync("0.9");
        await page.Page.GetByLabel("λ").FillAsync("0.5");
        var changed = Algorithms.Ppo with
        {
            Advantage = new Gae
            {
                Gamma = 0.9,
                Lambda = 0.5,
                Whiten = new(),
            },
        };
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(1) td >> nth=1"))
            .ToHaveTextAsync(Numbers.Short(changed.Evaluate(batch).Summary.Objective));
    }

    [Fact]
    public async Task Cut_responses_are_left_out_and_put_back()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).WhatIf());
        await page.Page.GetByLabel("leave out cut responses").CheckAsync();
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".toks small", new() { HasText = "masked" }))
            .ToHaveCountAsync(6);
        var changed = Algorithms.Grpo with { Filters = new() { DropTruncated = true } };
        Assert.Equal(
            Numbers.Short(changed.Evaluate(Sample.Sums()).Summary.Objective),
            await page.Page.InnerTextAsync(".both tbody tr:nth-child(1) td:nth-of-type(2)")
        );

        await page.Page.GetByLabel("leave out cut responses").UncheckAsync();
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
    public async Task Knobs_and_heads_carry_the_glossary_as_tooltips()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).WhatIf());
        var tips = await page.Page.EvaluateAsync<Dictionary<string, string>>(
            "() => Object.fromEntries([...document.querySelectorAll('.knobs label, thead th')].map(e => [e.textContent, e.title]))"
        );
        foreach (
            var (label, word) in new[]
            {
                ("÷ std", "standard deviation"),
                ("β", "KL penalty"),
                ("ε_low", "clip"),
                ("aggregation", "aggregation"),
                ("advantage", "advantage"),
            }
        )
            Assert.Equal(Glossary.Find(word).Meaning, tips[label]);
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

    [Fact]
    public async Task Objective_that_cannot_be_recomputed_says_why()
    {
        var asTrained = Algorithms.Grpo with { Advantage = new GroupMeanStd { Gamma = 0.9 } };
        await using var page = await WidgetPage.OpenAsync(fixture, asTrained.Evaluate(Sample.Sums()).WhatIf());
        Assert.Contains(
            "a part that the sliders do not know yet (GroupMeanStd)",
            await page.Page.Locator(".note[data-added]").InnerTextAsync(),
            StringComparison.Ordinal
        );
        Assert.Equal(0, await page.Page.Locator(".knobs").CountAsync());
    }

    [Fact]
    public async Task Keyboard_alone_reaches_and_moves_every_knob_through_one_tab_stop()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).WhatIf());
        var knobs = await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.knobs [data-knob]')].map(k => k.dataset.knob)"
        );
        await page.Page.Keyboard.PressAsync("Tab");
        foreach (var knob in knobs.Append("algorithm"))
        {
            Assert.Equal(knob, await page.Page.EvaluateAsync<string>("() => document.activeElement.dataset.knob"));
            await page.Page.Keyboard.PressAsync("ArrowRight");
        }
        Assert.Equal(
            1,
            await page.Page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('.knobs [data-knob]')].filter(k => k.tabIndex === 0).length"
            )
        );
        await page.Page.Locator("[data-knob=low]").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("0.19", await page.Page.Locator("[data-knob=low] + output").InnerTextAsync());
        await page.Page.Locator("[data-knob=std]").FocusAsync();
        await page.Page.Keyboard.PressAsync("Space");
        await Microsoft.Playwright.Assertions.Expect(page.Page.GetByLabel("÷ std")).Not.ToBeCheckedAsync();
        await page.Page.Locator("[data-knob=algorithm]").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("algorithm", await page.Page.EvaluateAsync<string>("() => document.activeElement.dataset.knob"));
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
    public async Task Axe_has_nothing_to_object_to_in_the_knobs(HostTheme theme)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, theme, 1100, Sample.Grpo(Sample.Sums()).WhatIf());
        await page.Page.Locator(".without summary").ClickAsync();
        await page.Page.GetByLabel("β", new() { Exact = true }).FillAsync("0.2");
        await page.Page.EvaluateAsync(Axe.Source);
        var violations = await page.Page.EvaluateAsync<JsonElement>(Axe.Run);
        Assert.True(violations.GetArrayLength() == 0, JsonSerializer.Serialize(violations, Axe.Indented));
        page.AssertQuiet();
    }

    [Theory, InlineData(360), InlineData(1400)]
    public async Task Page_never_scrolls_sideways(int width)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, HostTheme.Light, width, Sample.Grpo(Sample.Large()).WhatIf());
        await page.Page.Locator(".without summary").ClickAsync();
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Wide.Elements));
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(Wide.Scroll));
    }
}
