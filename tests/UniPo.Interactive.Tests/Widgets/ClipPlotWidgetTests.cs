using System.Globalization;
using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The clip plot in a real browser: bounds that move by keyboard and pointer, dots and cases that follow.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class ClipPlotWidgetTests(BrowserFixture fixture)
{
    private const string Cases =
        "() => [...document.querySelectorAll('tbody.rows tr')].map(r => r.children[1].textContent + ': ' + (r.children[4]?.textContent ?? ''))";

    // Zones, curve and dots, without the lines and numbers of the bounds: those belong to the grips once there are grips.
    private const string Drawn = """
        () => [...document.querySelectorAll('g.live')].map(g => [...g.querySelectorAll('.stop, .grid, .c, .d, .o, text')].filter(e => e.localName !== 'text' || /[a-z]/.test(e.textContent))
          .map(e => (e.getAttribute('d') ?? e.textContent + ' ' + e.getAttribute('x') + ' ' + e.getAttribute('y')) + ' ' + e.getAttribute('class')).sort().join('\n'))
        """;

    private static TokenReport Report => Sample.Grpo(Sample.Large());

    private static int Count(bool positive, Func<double, bool> zone) =>
        Enumerable
            .Range(0, Report.Ratio!.Values.Length)
            .Count(t =>
                Report.Advantage!.Values[t] != 0 && Report.Advantage.Values[t] > 0 == positive && zone(Report.Ratio.Values[t])
            );

    [Fact]
    public async Task Keyboard_moves_a_bound_and_the_cases_are_counted_again()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Report.ClipPlot());
        var upper = page.Page.GetByRole(Microsoft.Playwright.AriaRole.Slider, new() { Name = "ε_high, for A > 0" });
        await upper.FocusAsync();
        for (var i = 0; i < 5; i++)
            await page.Page.Keyboard.PressAsync("ArrowRight");

        Assert.Equal("0.25", await upper.GetAttributeAsync("aria-valuenow"));
        var stopped = Count(true, r => r > 1.25);
        Assert.Equal($"ε_high 0.25: r above 1.25 is stopped, {stopped} tokens", await upper.GetAttributeAsync("aria-valuetext"));
        Assert.Equal(
            [
                $"r < 0.8: {Count(true, r => r < 0.8)}",
                $"0.8 … 1.25: {Count(true, r => r is >= 0.8 and <= 1.25)}",
                $"r > 1.25: {stopped}",
                $"r < 0.8: {Count(false, r => r < 0.8)}",
                $"0.8 … 1.25: {Count(false, r => r is >= 0.8 and <= 1.25)}",
                $"r > 1.25: {Count(false, r => r > 1.25)}",
            ],
            await page.Page.EvaluateAsync<string[]>(Cases)
        );
        var (now, before) = (stopped + Count(false, r => r < 0.8), Count(true, r => r > 1.2) + Count(false, r => r < 0.8));
        Assert.EndsWith(
            $"{now} of {Count(true, _ => true) + Count(false, _ => true)} tokens stopped, {before} before",
            await page.Page.InnerTextAsync(".said"),
            StringComparison.Ordinal
        );
        page.AssertQuiet();
    }

    [Fact]
    public async Task Picture_of_moved_bounds_equals_what_CSharp_draws_for_them()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Report.ClipPlot());
        await page.Page.Locator(".grip").First.FocusAsync();
        foreach (var key in (string[])["PageUp", "ArrowDown", "ArrowRight", "ArrowRight"])
            await page.Page.Keyboard.PressAsync(key);
        var moved = (Algorithms.Grpo with { Clip = new Clip(0.3, 0.22) }).Evaluate(Sample.Large());
        await using var drawn = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            moved.ClipPlot().Markup()
        );

        var (csharp, script) = (await drawn.Page.EvaluateAsync<string[]>(Drawn), await page.Page.EvaluateAsync<string[]>(Drawn));
        Assert.Equal(2, csharp.Length);
        foreach (var (a, b) in csharp.Zip(script))
        {
            // C# writes the curve relative to the point before; what is compared there is its last place.
            Assert.Equal(a.Split('\n').Length, b.Split('\n').Length);
            Assert.Equal(Marks(a), Marks(b));
        }
    }

    // Everything but the curve, rounded: the script has the ratios in seven digits.
    private static string[] Marks(string drawn) =>
        [
            .. drawn
                .Split('\n')
                .Where(l => !l.EndsWith(" c", StringComparison.Ordinal))
                .Select(l => string.Join("z", l.Split('z').Order(StringComparer.Ordinal)))
                .Select(l =>
                    Number()
                        .Replace(
                            l,
                            n => double.Parse(n.Value, CultureInfo.InvariantCulture).ToString("0", CultureInfo.InvariantCulture)
                        )
                )
                .Order(StringComparer.Ordinal),
        ];

    [System.Text.RegularExpressions.GeneratedRegex(@"-?\d+\.\d+")]
    private static partial System.Text.RegularExpressions.Regex Number();

    [Fact]
    public async Task Pointer_drags_a_bound_and_the_button_brings_it_back()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Report.ClipPlot());
        var before = await page.Page.EvaluateAsync<string[]>(Cases);
        var knob = (await page.Page.Locator(".grip .knob >> nth=2").BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(knob.X + 12, knob.Y + 8);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(knob.X - 60, knob.Y + 90, new() { Steps = 5 });
        await page.Page.Mouse.UpAsync();

        var grips = await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.grip')].map(g => g.getAttribute('aria-valuenow'))"
        );
        Assert.Equal(grips[0], grips[2]); // both charts show the same bound
        Assert.InRange(double.Parse(grips[0], CultureInfo.InvariantCulture), 0.3, 0.7);
        Assert.StartsWith("ε_low " + grips[0], await page.Page.InnerTextAsync("[role=status]"), StringComparison.Ordinal);
        await page.Page.GetByText("as it was").ClickAsync();
        Assert.Equal(before, await page.Page.EvaluateAsync<string[]>(Cases));
    }

    [Fact]
    public async Task All_grips_are_one_tab_stop_and_stay_in_their_range()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Report.ClipPlot());
        // The button, the grips, and the table, which can scroll.
        Assert.Equal(
            3,
            await page.Page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('.unipo button, .unipo [tabindex]')].filter(e => e.tabIndex >= 0).length"
            )
        );
        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Tab");
        const string Here =
            "() => document.activeElement.getAttribute('aria-label') + ' ' + document.activeElement.getAttribute('aria-valuenow')";
        async Task<string> Press(string key)
        {
            await page.Page.Keyboard.PressAsync(key);
            return await page.Page.EvaluateAsync<string>(Here);
        }

        Assert.Equal("ε_high, for A > 0 0.2", await page.Page.EvaluateAsync<string>(Here));
        Assert.Equal("ε_high, for A > 0 0", await Press("Home"));
        Assert.Equal("ε_high, for A > 0 0", await Press("ArrowLeft"));
        Assert.Equal("ε_low, for A > 0 0.2", await Press("ArrowUp"));
        Assert.Equal("ε_low, for A > 0 0.99", await Press("End"));
        Assert.Equal("ε_low, for A > 0 0.99", await Press("ArrowLeft"));
        Assert.Equal("ε_high, for A > 0 0", await Press("ArrowDown"));
        Assert.Equal("ε_low, for A < 0 0.99", await Press("ArrowDown"));
        Assert.Equal("ε_low, for A < 0 0.2", await Press("Escape"));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Ratio_on_a_bound_is_not_counted_beyond_it()
    {
        var batch = Sample.Sums();
        batch = batch with
        {
            LogProbs = batch.OldLogProbs,
            OldLogProbs = new TokenColumn(batch.Layout, [.. batch.OldLogProbs.Values.ToArray().Select(x => x - Math.Log(1.2))]),
        };
        var view = Sample.Grpo(batch).ClipPlot();
        await using var page = await WidgetPage.OpenAsync(fixture, view);
        var before = await page.Page.EvaluateAsync<string[]>(Cases);
        await page.Page.Locator(".grip").First.FocusAsync();
        foreach (var key in (string[])["ArrowLeft", "ArrowRight"])
            await page.Page.Keyboard.PressAsync(key);
        var after = await page.Page.EvaluateAsync<string[]>(Cases);

        Assert.Equal(before[3..], after[3..]);
    }

    [Fact]
    public async Task Region_without_tokens_moves_too_and_one_without_bounds_stays_a_picture()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Algorithms.Dapo.Clip.Plot(), Algorithms.Sapo.Clip.Plot());
        await page.Page.Locator(".grip").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("PageUp");

        Assert.Equal("ε_low 0.3, ε_high 0.28", await page.Page.InnerTextAsync(".said"));
        Assert.Equal(4, await page.Page.Locator(".grip").CountAsync());
        page.AssertQuiet();
    }

    [Fact]
    public async Task Pointer_reads_term_and_slope()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, Report.ClipPlot());
        var box = (await page.Page.Locator("figure svg").First.BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + box.Width * 0.95f, box.Y + box.Height / 2);
        Assert.Matches(
            @"^r = 1\.5\d?: term 1\.2·\|A\|, slope 0, stopped$",
            await page.Page.InnerTextAsync(".pair .now >> nth=0")
        );
    }

    [Theory, InlineData(HostTheme.Light), InlineData(HostTheme.VsCodeDark), InlineData(HostTheme.VsCodeHighContrast)]
    public async Task Axe_has_nothing_to_object_to_in_what_the_script_adds(HostTheme theme)
    {
        await using var page = await WidgetPage.OpenAsync(fixture, theme, 1100, Report.ClipPlot());
        await page.Page.Locator(".grip").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("PageUp");
        await Axe.AssertNothing(page.Page);
    }
}
