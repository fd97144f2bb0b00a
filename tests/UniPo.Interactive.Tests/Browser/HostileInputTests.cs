using UniPo.Interactive.Tests.Views;

namespace UniPo.Interactive.Tests.Browser;

/// <summary>Text that wants to be more than text, in every place of every view that shows text.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostileInputTests(BrowserFixture fixture)
{
    private static readonly string[] _hostile =
    [
        "<script>window.bad=1</script>",
        "</script><script>window.bad=1</script>",
        "<img src=x onerror=window.bad=1>",
        "\"><svg onload=window.bad=1>",
        "' autofocus onfocus='window.bad=1",
        "javascript:window.bad=1",
        "<!--",
        "--><b>",
        "]]></style><script>window.bad=1</script>",
        "${window.bad=1}",
        "</unipo-token-table></div></main>",
        "\u202Egnp.exe\u202C",
        "\u2066\u2067\u200F",
        "\0\u0001\u001B[31m\u009B",
        "<style>*{display:none}</style>",
        "&lt;script&gt;&#0;",
        "\u2028\u2029window.bad=1",
        "\uFEFF\u200B\u00AD",
        "<math><mtext></mtext><script>window.bad=1</script></math>",
        "\\u003cscript>",
        "\ud800\udc00",
        "\ud83d",
    ];

    /// <summary>Every view that shows text of the outside, made of hostile text wherever text can stand.</summary>
    private static IEnumerable<View> Views()
    {
        var run = Run();
        var reports = new[] { Report(0), Report(0) with { Objective = Algorithms.Reinforce with { Name = _hostile[2] } } };
        return
        [
            run.Steps[0].Report!.Batch.Tokens(),
            Report(3).Tokens(),
            run.Curves(),
            new[] { run, Run(7), Run(9) }.Curves(),
            run.Explore(),
            run.Radial(),
            run.Moment(),
            new LiveCurves(run, 9),
            reports.SideBySide(),
            new[] { run, Run(5) }.Ranking(),
            Report(1).WhatIf(Algorithms.Grpo with { Name = _hostile[1] }),
            Report(2).ClipPlot(),
            Report(4).Distributions(),
            (Algorithms.Grpo with { Name = _hostile[1], Paper = _hostile[2], Why = _hostile[0] }).Card(),
            new DifferenceCard(
                (Algorithms.Grpo with { Name = _hostile[3] }).Against(Algorithms.Reinforce with { Name = _hostile[4] })
            ),
            new TokenCard(Report(5).Explain(0, 0)),
            run.Header.Show(),
            run.Steps.Show(),
            _hostile.Select(h => new { text = h }).Table(_hostile[1]),
            LineChart.Of(_hostile[1], _hostile[0], [1, 2], (_hostile[2], [1, 2])),
            Check.That(_hostile[0], 1, 2, _hostile[1], _hostile[2]),
        ];
    }

    [Fact]
    public async Task Nothing_executes_and_the_page_around_stays_whole()
    {
        var views = Views().ToArray();
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            [WidgetBundle.Element, .. views.Select(v => v.Markup()), "<p id=\"after\">after</p>"]
        );

        // Each view is one child of its own cell, and what follows the last one is where it was.
        Assert.Equal(views.Length, await page.Page.Locator("main > div > .unipo").CountAsync());
        Assert.Equal(1, await page.Page.Locator("main > div > #after").CountAsync());
        Assert.True(await page.Page.Locator("#after").IsVisibleAsync());
        Assert.Equal(
            0,
            await page
                .Page.Locator(".unipo :is(script:not([type='application/json']), img, iframe, object, embed, link, base, a)")
                .CountAsync()
        );
        Assert.Equal(
            0,
            await page.Page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('.unipo *')].filter(e => [...e.attributes].some(a => /^on/i.test(a.name) || /^\\s*javascript:/i.test(a.value) && /^(href|src|action|formaction|xlink:href)$/.test(a.name))).length"
            )
        );
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.bad === undefined"));
        Assert.DoesNotMatch(
            "[\\u202A-\\u202E\\u2066-\\u2069\\u200B\\u200F\\uFEFF\\u0000-\\u0008\\u001B]",
            await page.Page.Locator("main").InnerTextAsync()
        );
        page.AssertQuiet();
    }

    [Fact]
    public async Task Every_control_can_be_used_and_still_nothing_executes()
    {
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            [WidgetBundle.Element, .. Views().Select(v => v.Markup())]
        );
        Assert.Equal(
            "",
            await page.Page.EvaluateAsync<string>(
                "() => [...document.querySelectorAll('.unipo')].filter(v => v.dataset.failed).map(v => v.localName + ': ' + v.dataset.failed).join('\\n')"
            )
        );
        await page.Page.EvaluateAsync(
            """
            () => {
              for (const fold of document.querySelectorAll('.unipo details')) fold.open = true;
              for (const token of [...document.querySelectorAll('.unipo [data-at]')].slice(0, 200)) token.dispatchEvent(new PointerEvent('pointerover', { bubbles: true })), token.focus();
              for (const knob of document.querySelectorAll('.unipo :is(select, input)')) {
                if (knob.localName === 'select') knob.selectedIndex = (knob.selectedIndex + 1) % knob.options.length;
                else if (knob.type === 'range') knob.value = knob.max;
                for (const kind of ['input', 'change']) knob.dispatchEvent(new Event(kind, { bubbles: true }));
              }
              for (const button of document.querySelectorAll('.unipo button')) button.click();
            }
            """
        );
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.bad === undefined"));
        Assert.Equal(0, await page.Page.Locator(".unipo :is(script:not([type='application/json']), img, iframe)").CountAsync());
        page.AssertQuiet();
    }

    [Fact]
    public async Task Ten_thousand_hostile_strings_break_no_view()
    {
        var run = Run(tokens: 600);
        View[] views =
        [
            run.Explore() with
            {
                AllTokens = true,
            },
            run.Curves(),
            Enumerable.Range(0, 2000).Select(i => new { text = Hostile(i) }).Table("texts") with
            {
                MostRows = 2000,
            },
        ];
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            [WidgetBundle.Element, .. views.Select(v => v.Markup())]
        );
        Assert.Equal(3, await page.Page.Locator("main > div > .unipo").CountAsync());
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.bad === undefined"));
        page.AssertQuiet();
    }

    [Fact]
    public async Task A_token_of_a_megabyte_is_cut_and_counted()
    {
        var token = string.Concat(Enumerable.Repeat("<b>x</b>", 131_072));
        var report = Sample.Grpo(Sample.Batch((token, token, [([token, "y"], 1, false), (["z"], 0, false)])));
        var run = Sample.Run(3) with
        {
            Header = Sample.Run(3).Header with { Algorithm = token, Task = token, Model = token },
            Stopped = token,
        };
        run = run with { Steps = [.. run.Steps.Select(s => s with { Report = report, Warning = token })] };
        View[] views =
        [
            report.Tokens(),
            report.Batch.Tokens(),
            run.Explore(),
            run.Curves(),
            run.Moment(),
            report.WhatIf(),
            new[] { report, report }.SideBySide(),
            new TokenCard(report.Explain(0, 0)),
            run.Header.Show(),
            run.Steps.Show(),
        ];
        Assert.All(views, v => Assert.InRange(v.Markup().Length, 100, 64 * 1024));
        Assert.All(views, v => Assert.InRange(v.ToString().Length, 10, 64 * 1024));

        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            700,
            scripts: true,
            [WidgetBundle.Element, .. views.Select(v => v.Markup())]
        );
        Assert.Contains(
            "1048576 characters",
            await page.Page.Locator("unipo-token-table >> nth=0").InnerTextAsync(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            0,
            await page.Page.EvaluateAsync<int>(
                "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
            )
        );
        Assert.Equal(0, await page.Page.Locator(".toks b").CountAsync());
        page.AssertQuiet();
    }

    private static string Hostile(int i) => _hostile[i % _hostile.Length] + i;

    private static RolloutBatch Batch(int seed, int tokens) =>
        Sample.Batch([
            .. Enumerable
                .Range(0, 3)
                .Select(p =>
                    (
                        Hostile(seed + p),
                        (string?)Hostile(seed + p + 1),
                        Enumerable
                            .Range(0, 4)
                            .Select(r =>
                                (
                                    Enumerable.Range(0, tokens / 12 + 1).Select(t => Hostile(seed + p + r + t)).ToArray(),
                                    r % 2.0,
                                    r == 0
                                )
                            )
                            .ToArray()
                    )
                ),
        ]);

    private static TokenReport Report(int seed, int tokens = 60) =>
        Sample.Grpo(Batch(seed, tokens)) with
        {
            Objective = Algorithms.Grpo with { Name = _hostile[seed % _hostile.Length] },
        };

    private static TrainingRun Run(int seed = 0, int tokens = 60)
    {
        var run = Sample.Run(16);
        return run with
        {
            Header = run.Header with
            {
                Algorithm = _hostile[seed],
                Task = _hostile[1],
                Model = _hostile[2],
                Dataset = _hostile[3],
                RewardStrategy = _hostile[4],
                Hyperparameters = _hostile
                    .Select((h, i) => (h, i))
                    .ToDictionary(h => h.h + h.i, h => (object)_hostile[(h.i + seed) % _hostile.Length]),
            },
            Stopped = _hostile[5],
            Steps =
            [
                .. run.Steps.Select(s =>
                    s with
                    {
                        Warning = _hostile[(s.Step + 1) % _hostile.Length],
                        Metrics = s.Metrics.Append(KeyValuePair.Create(_hostile[s.Step % 3], 1.0)).ToDictionary(),
                        Report = Report(seed + s.Step, tokens),
                    }
                ),
            ],
        };
    }
}
