using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>What-if in a real browser: knobs recolour the tokens, and every algorithm's weights are those of C#.</summary>
[Collection(BrowserTests.Name)]
public sealed class WhatIfWidgetTests(BrowserFixture fixture)
{
    private const string Classes = "() => [...document.querySelectorAll('.toks > span:not(.more)')].map(s => s.className)";

    [Fact]
    public async Task Sliders_recolour_at_once_and_show_both_numbers()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Large()).WhatIf());
        var before = await page.Page.EvaluateAsync<string[]>(Classes);
        await page.Page.Locator("[data-knob=ε]").FillAsync("0.02");
        var changed = Algorithms.Grpo with { Clip = new Clip(0.02, 0.02) };
        var (was, now) = (Sample.Grpo(Sample.Large()).Summary, changed.Evaluate(Sample.Large()).Summary);
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(2)"))
            .ToHaveTextAsync(
                $"clipped{Numbers.Share(was.ClipFraction!.Value)}{Numbers.Share(now.ClipFraction!.Value)}{Numbers.Share(now.ClipFraction!.Value - was.ClipFraction!.Value)}"
            );
        Assert.NotEqual(before, await page.Page.EvaluateAsync<string[]>(Classes));
        Assert.Equal("0.02", await page.Page.Locator("[data-knob=ε] + output").InnerTextAsync());

        await page.Page.Locator("[data-knob=reset]").ClickAsync();
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(2) td >> nth=2"))
            .ToHaveTextAsync("=");
        Assert.Equal(before, await page.Page.EvaluateAsync<string[]>(Classes));
        page.AssertQuiet();
    }

    [Fact]
    public async Task What_is_left_of_a_sum_that_cancels_is_zero()
    {
        string[] texts = ["5$", "5$", "6$", "4$", "7$", "1111$", "1234$", "9876$"]; // two of eight are right
        var report = Algorithms.Grpo.Evaluate(
            RolloutBatch.ByHand(
                "2+3=",
                [.. texts.Select(t => new HandResponse(t, t == "5$" ? 1 : 0, [.. t.Select(_ => Math.Log(0.5))]))]
            )
        );
        Assert.NotEqual(0, report.Summary.Objective);
        Assert.Contains("GRPO: objective 0,", report.WhatIf().ToString(), StringComparison.Ordinal);
        await using var page = await WidgetPage.OpenAsync(fixture, report.WhatIf());
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(1)"))
            .ToHaveTextAsync("objective00=");
        page.AssertQuiet();
    }

    [Fact]
    public async Task Caption_and_advantages_follow_the_objective_and_come_back()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).WhatIf());
        const string Said =
            "() => [document.querySelector('caption .title').textContent, ...[...document.querySelectorAll('[data-name=advantage]')].map(c => c.textContent)].join(' ')";
        var before = await page.Page.EvaluateAsync<string>(Said);
        await page
            .Page.GetByLabel("algorithm")
            .SelectOptionAsync(new Microsoft.Playwright.SelectOptionValue { Label = "Dr. GRPO" });
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator("caption .title"))
            .ToHaveTextAsync("Dr. GRPO: weight of every token");
        Assert.Equal("Dr. GRPO: weight of every token +0.5 −0.5 +0.5 −0.5 0 0 0 0", await page.Page.EvaluateAsync<string>(Said));
        await page.Page.GetByLabel("colour by").SelectOptionAsync("ratio");
        Assert.Equal("Dr. GRPO: ratio of every token", await page.Page.InnerTextAsync("caption .title"));
        await page.Page.GetByLabel("colour by").SelectOptionAsync("weight");
        await page.Page.Locator("[data-knob=reset]").ClickAsync();
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator("caption .title"))
            .ToHaveTextAsync("GRPO: weight of every token");
        Assert.Equal(before, await page.Page.EvaluateAsync<string>(Said));
    }

    [Fact]
    public async Task Another_part_takes_the_place_of_one_and_moved_settings_stay()
    {
        var before = Algorithms.Grpo with { Kl = Kl.InLoss(0.05) };
        await using var page = await WidgetPage.OpenAsync(fixture, before.Evaluate(Sample.Large()).WhatIf());
        await page.Page.Locator("[data-knob=β]").FillAsync("0.1");
        await page
            .Page.Locator("[data-knob=part]")
            .SelectOptionAsync(
                new Microsoft.Playwright.SelectOptionValue { Label = $"aggregation: {Aggregation.TokenMean.InWords}" }
            );
        var changed = before with { Aggregation = Aggregation.TokenMean, Kl = Kl.InLoss(0.1) };
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(1) td >> nth=1"))
            .ToHaveTextAsync(Numbers.Short(changed.Evaluate(Sample.Large()).Summary.Objective));
        Assert.Equal(
            "changed by hand",
            await page.Page.EvaluateAsync<string>("() => document.querySelector('[data-knob=algorithm]').selectedOptions[0].text")
        );
        await page
            .Page.Locator("[data-knob=part]")
            .SelectOptionAsync(new Microsoft.Playwright.SelectOptionValue { Label = $"advantage: {new GroupMean().InWords}" });
        var plain = before with { Advantage = new GroupMean(), Kl = Kl.InLoss(0.1) };
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both tbody tr:nth-child(1) td >> nth=1"))
            .ToHaveTextAsync(Numbers.Short(plain.Evaluate(Sample.Large()).Summary.Objective));
    }

    public static TheoryData<string, string, string> OwnSettings =>
        new()
        {
            { "own advantage", "κ", "0.5" },
            { "own ratio", "θ", "0.9" },
            { "own region", "τ", "0.01" },
            { "own aggregation", "ω", "1" },
            { "own estimator", "η", "0.9" },
            { "own loss", "μ", "0.5" },
            { "own algorithm", "λ", "0.25" },
        };

    [Theory, MemberData(nameof(OwnSettings))]
    public async Task Setting_of_a_part_that_a_learner_wrote_has_a_slider(string name, string letter, string value)
    {
        var objective = OwnParts.All.Append(OwnParts.Whole).Single(o => o.Name == name);
        var batch = Sample.Large();
        var report = objective.Evaluate(batch);
        await using var page = await WidgetPage.OpenAsync(fixture, report.WhatIf());
        Assert.Equal(
            "the learner's own setting",
            await page.Page.Locator($"label:has(+ [data-knob={letter}])").GetAttributeAsync("title")
        );
        var was = await page.Page.InnerTextAsync(".both tbody tr:nth-child(1) td:nth-of-type(1)");
        // Terms near 0.01 cancel in J; the page has log-probabilities in single precision, seven digits of each term.
        Assert.Equal(report.Summary.Objective, Number(was), tolerance: 1e-8 + 1e-3 * Math.Abs(report.Summary.Objective));
        await page.Page.Locator($"[data-knob={letter}]").FillAsync(value);
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".both thead th >> nth=2"))
            .ToHaveTextAsync($"{name}, changed");
        Assert.NotEqual("=", await page.Page.InnerTextAsync(".both tbody tr:nth-child(5) td:nth-of-type(3)"));
        await page.Page.Locator("[data-at='0']").FocusAsync();
        Assert.Contains("w = ", await page.Page.InnerTextAsync(".inspect"), StringComparison.Ordinal);
        page.AssertQuiet();
        if (Environment.GetEnvironmentVariable("UNIPO_PICTURES") is { } folder)
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    // A number as views write it: 1.98×10⁻⁶.
    private static double Number(string written) =>
        double.Parse(
            string.Concat(
                written
                    .Replace("×10", "E", StringComparison.Ordinal)
                    .Select(c =>
                        "⁰¹²³⁴⁵⁶⁷⁸⁹".IndexOf(c) is >= 0 and var digit ? (char)('0' + digit)
                        : c is '⁻' or '−' ? '-'
                        : c
                    )
            ),
            System.Globalization.CultureInfo.InvariantCulture
        );

    [Fact]
    public async Task What_cannot_be_tried_says_why_and_leaves_the_numbers()
    {
        var sapo = Algorithms.Grpo with { Clip = new SapoGate() };
        await using var page = await WidgetPage.OpenAsync(fixture, sapo.Evaluate(Sample.Large()).WhatIf());
        await page.Page.Locator("[data-knob=τ_pos]").FillAsync("0"); // divides by 0
        await Microsoft
            .Playwright.Assertions.Expect(page.Page.Locator(".note[role=status]"))
            .ToContainTextAsync("This cannot be tried: The objective came out as");
        page.AssertQuiet();
    }

    [Fact]
    public async Task Gamma_and_lambda_are_knobs_where_values_are_known()
    {
        var batch = WhatIfAlgorithmsTests.Batch;
        await using var page = await WidgetPage.OpenAsync(fixture, Algorithms.Ppo.Evaluate(batch).WhatIf());
        await page.Page.Locator("[data-knob=γ]").FillAsync("0.9");
        await page.Page.Locator("[data-knob=λ]").FillAsync("0.5");
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
    public async Task Knobs_and_heads_carry_the_glossary_as_tooltips()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Grpo(Sample.Sums()).WhatIf());
        var tips = await page.Page.EvaluateAsync<Dictionary<string, string>>(
            "() => Object.fromEntries([...document.querySelectorAll('.knobs label, thead th')].map(e => [e.textContent, e.title]))"
        );
        foreach (var (label, word) in new[] { ("advantage", "advantage") })
            Assert.Equal(Glossary.Find(word).Meaning, tips[label]);
    }

    [Fact]
    public async Task Objective_that_cannot_be_recomputed_says_why()
    {
        var given = Algorithms.ClipCov with { Clip = new ClipCov { Order = [0] } };
        await using var page = await WidgetPage.OpenAsync(fixture, given.Evaluate(Sample.Sums()).WhatIf());
        Assert.Contains(
            "takes out tokens in an order that was given to it",
            await page.Page.Locator(".note[data-added]:not(.hint)").First.InnerTextAsync(),
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
        await page.Page.Locator("[data-knob=ε]").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("0.19", await page.Page.Locator("[data-knob=ε] + output").InnerTextAsync());
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
        await page.Page.Locator("[data-knob=β]").FillAsync("0.2");
        await Axe.AssertNothing(page.Page);
        page.AssertQuiet();
    }

    [Theory, InlineData(360), InlineData(1400)]
    public async Task Page_never_scrolls_sideways(int width)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, HostTheme.Light, width, Sample.Grpo(Sample.Large()).WhatIf());
        await page.Page.Locator(".without summary").ClickAsync();
        await Wide.AssertNothing(page.Page);
    }
}
