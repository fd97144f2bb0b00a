using Microsoft.Playwright;
using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The explorer in a real browser: every step and token can be reached, and every pane follows.</summary>
[Collection(BrowserTests.Name)]
public sealed class ExplorerWidgetTests(BrowserFixture fixture)
{
    /// <summary>What each pane says of the step that is open: number, reward, x of the marks, and the table's first number.</summary>
    private const string Panes = """
        () => [document.querySelector('.inspector .step').textContent, document.querySelector('.inspector [data-metric=reward] dd').textContent,
          [...new Set([...document.querySelectorAll('.overview .here')].map(p => p.getAttribute('d')))].length + ' mark', document.querySelector('.inspector input[type=number]').value,
          document.querySelector('.formulas .head')?.textContent ?? '']
        """;

    private static TrainingRun Run => Sample.RunWithTokens(12);

    /// <summary>Flat index in the batch of a token of the open step, counted over what is shown.</summary>
    internal static int[] Shown(TrainingRun run, int step)
    {
        var table = new ExplorerContent(run.Explore()).TokensOf(run.Steps[step]);
        return
        [
            .. new TokenTableContent(table).ShownRows.SelectMany(r =>
                Enumerable.Range(table.Batch.Layout.RowStarts[r.Row], r.Shown)
            ),
        ];
    }

    private static async Task ShowsAsync(ViewPage page, TrainingRun run, int step)
    {
        await Assertions.Expect(page.Page.Locator(".inspector .step")).ToHaveTextAsync($"Step {step}");
        var panes = await page.Page.EvaluateAsync<string[]>(Panes);
        Assert.Equal([$"Step {step}", Numbers.Short(run.Steps[step].Metric("reward")), "1 mark", $"{step}"], panes[..4]);
        // The formula pane speaks of a token of this step: its weight is the one that the step's report gave.
        var report = run.Steps[step].Report!;
        var said = System.Text.RegularExpressions.Regex.Match(panes[4], "number (\\d+) of response (\\d+): w = (\\S+)");
        Assert.Equal(
            Numbers.Signed(report.Weight[int.Parse(said.Groups[2].Value) - 1, int.Parse(said.Groups[1].Value) - 1]),
            said.Groups[3].Value
        );
    }

    [Fact]
    public async Task Every_step_is_reached_by_its_number_and_shown_in_every_pane()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore());
        foreach (var step in Enumerable.Range(0, 12).Reverse())
        {
            await page.Page.Locator(".inspector input[type=number]").FillAsync($"{step}");
            await page.Page.Keyboard.PressAsync("Enter");
            await ShowsAsync(page, Run, step);
        }
        page.AssertQuiet();
    }

    [Fact]
    public async Task Every_step_is_reached_by_the_arrow_keys()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore());
        await page.Page.Locator(".overview .panel svg").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        foreach (var step in Enumerable.Range(0, 12))
        {
            await ShowsAsync(page, Run, step);
            await page.Page.Keyboard.PressAsync("ArrowRight");
        }
        await ShowsAsync(page, Run, 11);
    }

    [Fact]
    public async Task Every_step_is_reached_by_the_pointer()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore());
        var plot = page.Page.Locator(".overview .panel svg").Nth(1);
        await plot.ScrollIntoViewIfNeededAsync();
        foreach (var step in Enumerable.Range(0, 12))
        {
            var box = (await plot.BoundingBoxAsync())!;
            var frame = (await plot.GetAttributeAsync("data-plot"))!.Split(' ').Select(float.Parse).ToArray();
            var width = (await plot.EvaluateAsync<float>("s => s.viewBox.baseVal.width"));
            await page.Page.Mouse.ClickAsync(
                box.X + box.Width / width * (frame[0] + (frame[2] - frame[0]) * step / 11f),
                box.Y + box.Height / 2
            );
            await ShowsAsync(page, Run, step);
        }
    }

    [Fact]
    public async Task Buttons_lead_to_the_neighbours_and_stop_at_the_ends()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore());
        await Assertions.Expect(page.Page.GetByLabel("next step")).ToBeDisabledAsync();
        await page.Page.GetByLabel("previous step").ClickAsync();
        await ShowsAsync(page, Run, 10);
        await page.Page.GetByLabel("next step").ClickAsync();
        await ShowsAsync(page, Run, 11);
    }

    [Fact]
    public async Task Choice_of_a_step_without_tokens_goes_to_the_nearest_that_keeps_them_and_says_so()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore() with { TokenSteps = 3 });
        await page.Page.Locator(".inspector input[type=number]").FillAsync("9");
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Contains(
            "Step 9 keeps no tokens; this is step 11, the nearest that does.",
            await page.Page.Locator(".inspector > [role=status]").First.InnerTextAsync(),
            StringComparison.Ordinal
        );
        await ShowsAsync(page, Run, 11);
        Assert.Equal(3, (await page.Page.Locator(".overview .kept").First.GetAttributeAsync("d"))!.Count(c => c == 'M'));
        // One step at a time every step can be read; one without tokens shows no card of another.
        await page.Page.GetByLabel("previous step").ClickAsync();
        Assert.Equal("Step 10", await page.Page.InnerTextAsync(".inspector .step"));
        Assert.Equal(0, await page.Page.Locator(".inspector .toks").CountAsync());
        Assert.Equal(0, await page.Page.Locator(".formulas .why").CountAsync());
        await page.Page.GetByText("nearest step that has them: 11").ClickAsync();
        await ShowsAsync(page, Run, 11);
        await page.Page.GetByText("previous with tokens").ClickAsync();
        Assert.NotEqual(0, await page.Page.Locator(".inspector .toks").CountAsync());
        page.AssertQuiet();
    }

    [Fact]
    public async Task What_if_stays_open_and_set_from_step_to_step()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore());
        await page.Page.GetByText("What if …").ClickAsync();
        await page.Page.GetByLabel("algorithm").SelectOptionAsync(new SelectOptionValue { Label = "Dr. GRPO" });
        await page.Page.GetByLabel("previous step").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".both thead th").Nth(2)).ToHaveTextAsync("Dr. GRPO");
        var report = Algorithms.DrGrpo.Evaluate(Run.Steps[10].Report!.Batch);
        await page.Page.Locator(".inspector [data-at='2']").FocusAsync();
        Assert.Contains(
            $"w = {Numbers.Signed(report.Weight.Values[Shown(Run, 10)[2]])}",
            await page.Page.InnerTextAsync(".formulas .head"),
            StringComparison.Ordinal
        );
        page.AssertQuiet();
    }

    [Fact]
    public async Task Keyboard_alone_uses_every_part()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore());
        List<string> stops = [];
        for (var i = 0; i < 12; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            stops.Add(
                await page.Page.EvaluateAsync<string>(
                    "() => { const e = document.activeElement; return e.closest('[role=toolbar]')?.getAttribute('aria-label') ?? (e.dataset.at ? 'tokens' : e.closest('.panel') ? 'panels' : e.closest('.formulas') ? 'formulas' : e.localName); }"
                )
            );
        }
        // Each part is one stop, in reading order; formulas that can scroll are stops of their own.
        Assert.Equal(
            ["settings of the curves", "panels", "choose a step", "summary", "settings of the token table", "tokens", "formulas"],
            stops.Distinct().Take(7)
        );
        Assert.Equal(1, stops.Count(s => s == "tokens"));
        page.AssertQuiet();
    }

    [
        Theory,
        InlineData(HostTheme.Light),
        InlineData(HostTheme.Dark),
        InlineData(HostTheme.HighContrast),
        InlineData(HostTheme.VsCodeDark),
        InlineData(HostTheme.VsCodeHighContrast),
        InlineData(HostTheme.JupyterDark)
    ]
    public async Task Axe_has_nothing_to_object_to_in_what_the_script_adds(HostTheme theme)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, theme, 1100, Run.Explore());
        await page.Page.GetByLabel("previous step").ClickAsync();
        await page.Page.GetByText("What if …").ClickAsync();
        await page.Page.Locator(".inspector [data-at='2']").FocusAsync();
        await Axe.AssertNothing(page.Page);
    }

    [Theory, InlineData(360), InlineData(1400)]
    public async Task Page_never_scrolls_sideways(int width)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, HostTheme.Light, width, Run.Explore());
        await page.Page.GetByText("What if …").ClickAsync();
        await page.Page.Locator(".inspector [data-at='2']").FocusAsync();
        await Wide.AssertNothing(page.Page);
    }
}
