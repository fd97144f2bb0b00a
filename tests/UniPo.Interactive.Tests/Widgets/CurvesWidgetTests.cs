using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>Learning curves in a real browser: the cursor, zoom, chips, scales, and the next jump.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class CurvesWidgetTests(BrowserFixture fixture)
{
    private const string Readouts = "() => [...document.querySelectorAll('.panel .now')].map(e => e.textContent)";
    private const string Ticks =
        "() => [...document.querySelectorAll('.panel svg')][0].querySelectorAll('text').length + ' ' + [...document.querySelectorAll('.panel svg')[0].querySelectorAll('text[text-anchor=middle]')].map(t => t.textContent).join(' ')";

    private static LearningCurves View => Sample.Run(60, passes: 2).Curves();

    [Fact]
    public async Task Drawing_in_the_browser_equals_the_drawing_of_CSharp()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        // C# writes lines relative to the point before, which takes less room; both are compared as points.
        const string Shapes = """
            () => { const absolute = d => {
              if (!d) return null;
              let x = 0, y = 0;
              return [...d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)].map(([, c, rest]) => {
                const n = (rest.match(/-?\d*\.?\d+/g) ?? []).map(Number), points = [];
                const r = v => Math.round(v * 10) / 10;
                if (c === 'l') { for (let i = 0; i < n.length; i += 2) { x = r(x + n[i]); y = r(y + n[i + 1]); points.push(`L${x} ${y}`); } return points.join(''); }
                if (n.length >= 2) { x = n[n.length - 2]; y = n[n.length - 1]; }
                return c + n.join(' ');
              }).join('');
            };
            return [...document.querySelectorAll('.panel svg')].map(svg => [...svg.querySelectorAll('path, text')].filter(e => !e.closest('[data-added]'))
              .map(e => (absolute(e.getAttribute('d')) ?? e.textContent + ' ' + e.getAttribute('x') + ' ' + e.getAttribute('y')) + ' ' + (e.getAttribute('class') ?? '')).sort().join('\n')); }
            """;
        var drawn = await page.Page.EvaluateAsync<string[]>(Shapes);
        await page.Page.GetByText("whole run").ClickAsync();
        var again = await page.Page.EvaluateAsync<string[]>(Shapes);

        foreach (var (csharp, script) in drawn.Zip(again))
        {
            Assert.Equal(Number().Replace(csharp, "#"), Number().Replace(script, "#"));
            // The browser has the numbers in five digits, so a coordinate may differ by a tenth of a unit.
            foreach (var (a, b) in Number().Matches(csharp).Zip(Number().Matches(script)))
                Assert.Equal(Parse(a), Parse(b), 0.11);
        }
        page.AssertQuiet();
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial System.Text.RegularExpressions.Regex Number();

    private static double Parse(System.Text.RegularExpressions.Match number) =>
        double.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Arrow_keys_read_every_panel_at_the_same_step()
    {
        var run = Sample.Run(60, passes: 2);
        await using var page = await WidgetPage.OpenAsync(fixture, run.Curves());
        await page.Page.Locator(".panel svg").First.FocusAsync();
        foreach (var key in (string[])["Home", "ArrowRight", "Shift+ArrowRight"])
            await page.Page.Keyboard.PressAsync(key);

        var readouts = await page.Page.EvaluateAsync<string[]>(Readouts);
        Assert.All(readouts, r => Assert.StartsWith("step 11: ", r, StringComparison.Ordinal));
        Assert.Equal($"step 11: {Numbers.Short(run.Steps[11].Metric("reward"))}", readouts[0]);
        Assert.Equal(
            $"step 11: {Numbers.Short(run.Steps[11].Metric("reward"))}",
            await page.Page.Locator(".panel svg").First.GetAttributeAsync("aria-valuetext")
        );

        await page.Page.Keyboard.PressAsync("Escape");
        Assert.Contains("→", (await page.Page.EvaluateAsync<string[]>(Readouts))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_panels_are_one_tab_stop_and_arrows_move_between_them()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        // The toolbar, the panels, and the static "Numbers" and words below them.
        Assert.Equal(4, await page.Page.EvaluateAsync<int>(WidgetPage.TabStops));
        await page.Page.Locator(".panel svg").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal(
            "policy_loss",
            await page.Page.EvaluateAsync<string>("() => document.activeElement.closest('figure').dataset.metric")
        );
    }

    [Fact]
    public async Task Brush_zooms_all_panels_and_whole_run_brings_them_back()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        var box = (await page.Page.Locator(".panel svg").First.BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + box.Width * 0.4f, box.Y + 60);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + box.Width * 0.7f, box.Y + 60, new() { Steps = 4 });
        Assert.Equal(1, await page.Page.Locator(".panel >> nth=0").Locator("rect.brush").CountAsync());
        await page.Page.Mouse.UpAsync();

        var zoomed = await page.Page.EvaluateAsync<string>(Ticks);
        Assert.DoesNotContain(" 0 ", zoomed + " ", StringComparison.Ordinal);
        Assert.Matches("^steps \\d+ to \\d+$", await page.Page.InnerTextAsync("[role=status]"));
        await page.Page.GetByText("whole run").ClickAsync();
        Assert.Contains(" 0 ", await page.Page.EvaluateAsync<string>(Ticks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keyboard_zooms_around_the_cursor()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.Locator(".panel svg").First.FocusAsync();
        foreach (var key in (string[])["Home", "PageUp", "PageUp", "PageUp", "+", "+"])
            await page.Page.Keyboard.PressAsync(key);
        Assert.Equal("steps 11 to 26", await page.Page.InnerTextAsync("[role=status]"));
        await page.Page.Keyboard.PressAsync("0");
        Assert.Contains(" 0 ", await page.Page.EvaluateAsync<string>(Ticks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chips_add_and_remove_metrics_but_one_stays()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View with { Metrics = ["reward"] });
        Assert.Equal(1, await page.Page.Locator(".panel:visible").CountAsync());
        await page.Page.Locator(".chips button", new() { HasText = "entropy" }).ClickAsync();
        Assert.Equal(2, await page.Page.Locator(".panel:visible").CountAsync());
        await page.Page.Locator(".chips button", new() { HasText = "reward" }).ClickAsync();
        await page.Page.Locator(".chips button", new() { HasText = "entropy" }).ClickAsync();
        Assert.Equal("entropy", await page.Page.Locator(".panel:visible").GetAttributeAsync("data-metric"));
        Assert.Equal("One metric always stays.", await page.Page.InnerTextAsync("[role=status]"));
    }

    [Fact]
    public async Task Logarithmic_scale_has_powers_of_ten_and_says_when_nothing_is_positive()
    {
        var run = Sample.Run(30);
        run = run with
        {
            Steps =
            [
                .. run.Steps.Select(
                    (s, i) =>
                        s with
                        {
                            Metrics = new Dictionary<string, double>
                            {
                                ["kl"] = Math.Pow(10, -5 + i * 0.1),
                                ["policy_loss"] = -1,
                            },
                        }
                ),
            ],
        };
        await using var page = await WidgetPage.OpenAsync(fixture, run.Curves());
        await page.Page.GetByLabel("scale").SelectOptionAsync("log");

        Assert.Contains(
            "no positive number here",
            await page.Page.TextContentAsync("[data-metric=policy_loss]"),
            StringComparison.Ordinal
        );
        var labels = await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('[data-metric=kl] text[text-anchor=end]')].map(t => t.textContent)"
        );
        Assert.Equal(["1×10⁻⁵", "1×10⁻⁴", "0.001", "0.01"], labels);
    }

    [Fact]
    public async Task Next_spike_and_next_collapse_find_the_planted_ones()
    {
        var run = Sample.Run(80);
        run = run with
        {
            Steps =
            [
                .. run.Steps.Select(
                    (s, i) =>
                        s with
                        {
                            Metrics = new Dictionary<string, double>
                            {
                                ["reward"] =
                                    0.5
                                    + 0.01 * (i % 3)
                                    + (
                                        i == 33 ? 0.4
                                        : i is 50 or 51 ? -0.4
                                        : 0
                                    ),
                            },
                        }
                ),
            ],
        };
        await using var page = await WidgetPage.OpenAsync(fixture, run.Curves());
        await page.Page.GetByText("next spike").ClickAsync();
        Assert.StartsWith(
            "spike of reward at step 33",
            await page.Page.InnerTextAsync("[role=status]"),
            StringComparison.Ordinal
        );
        await page.Page.GetByText("next collapse").ClickAsync();
        Assert.StartsWith(
            "collapse of reward at step 5",
            await page.Page.InnerTextAsync("[role=status]"),
            StringComparison.Ordinal
        );
    }

    [Theory, InlineData(1), InlineData(2), InlineData(100_000)]
    public async Task Short_and_very_long_runs_work(int steps)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Sample.Run(steps).Curves());
        await page.Page.Locator(".panel svg").First.FocusAsync();
        foreach (var key in (string[])["Home", "ArrowRight", "+", "-", "End"])
            await page.Page.Keyboard.PressAsync(key);
        page.AssertQuiet();
    }

    [Fact]
    public async Task Seeds_and_gaps_work()
    {
        var gap = Sample.Run(20, 3);
        gap = gap with
        {
            Steps =
            [
                .. gap.Steps.Select(
                    (s, i) =>
                        i is 4 or 5 or 19 ? s with { Metrics = new Dictionary<string, double> { ["reward"] = double.NaN } } : s
                ),
            ],
        };
        await using var page = await WidgetPage.OpenAsync(
            fixture,
            new[] { Sample.Run(20, 1), Sample.Run(20, 2), Sample.Run(20, 1, "Dr. GRPO", 2) }.Curves(),
            gap.Curves()
        );
        await page.Page.Locator(".unipo >> nth=0").Locator(".panel svg").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        Assert.Matches("^step 0: GRPO .*, Dr. GRPO ", (await page.Page.EvaluateAsync<string[]>(Readouts))[0]);
        await page.Page.Locator(".unipo >> nth=1").Locator(".panel svg").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        Assert.Equal("step 19: —", await page.Page.Locator(".unipo >> nth=1").Locator(".panel .now").First.InnerTextAsync());
        page.AssertQuiet();
    }

    [Theory, InlineData(HostTheme.Light), InlineData(HostTheme.VsCodeDark), InlineData(HostTheme.VsCodeHighContrast)]
    public async Task Axe_has_nothing_to_object_to_in_what_the_script_adds(HostTheme theme)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, theme, 1100, View);
        await page.Page.Locator(".panel svg").First.FocusAsync();
        await Axe.AssertNothing(page.Page);
    }
}
