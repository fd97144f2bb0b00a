namespace UniPo.Interactive.Tests.Widgets;

/// <summary>
/// The script on the pages notebooks make of it: twice, late, first, alone, copied, under a strict policy, with hostile data.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class BundleOnPageTests(BrowserFixture fixture)
{
    private const string Bars =
        "() => [...document.querySelectorAll('.unipo')].map(v => v.querySelectorAll('.bar').length + (v.dataset.ready ? ' ready' : '')).join(', ')";

    private static TokenTable View => Sample.Grpo(Sample.Sums()).Tokens();

    [Fact]
    public async Task Script_that_runs_twice_adds_its_controls_once()
    {
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            WidgetBundle.Element,
            View.Markup(),
            WidgetBundle.Element
        );
        Assert.Equal("1 ready", await page.Page.EvaluateAsync<string>(Bars));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Script_that_comes_after_its_views_finds_them()
    {
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            View.Markup(),
            View.Markup(),
            WidgetBundle.Element
        );
        Assert.Equal("1 ready, 1 ready", await page.Page.EvaluateAsync<string>(Bars));
    }

    [Fact]
    public async Task Same_output_shown_twice_keeps_its_controls_apart()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View, View);
        await page.Page.Locator("select >> nth=0").SelectOptionAsync("ratio");

        Assert.Equal(
            ["ratio", "weight"],
            await page.Page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('.bar')].map(b => b.querySelector('select').value)"
            )
        );
        Assert.Equal(
            0,
            await page.Page.EvaluateAsync<int>(
                "() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new Set(ids).size; }"
            )
        );
    }

    [Fact]
    public async Task Output_alone_on_a_page_without_the_script_stays_static_and_quiet()
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: true, View.Markup());
        Assert.Equal("0", await page.Page.EvaluateAsync<string>(Bars));
        Assert.Equal(0, await page.Page.Locator("button:visible, select:visible").CountAsync());
        page.AssertQuiet();
    }

    [Fact]
    public async Task Copy_of_a_running_view_and_a_view_that_is_moved_work_again()
    {
        await using var page = await WidgetPage.OpenAsync(fixture, View);
        await page.Page.EvaluateAsync(
            "() => { const v = document.querySelector('.unipo'); v.parentElement.append(v.cloneNode(true)); document.querySelector('main').append(v); }"
        );
        Assert.Equal("1 ready, 1 ready", await page.Page.EvaluateAsync<string>(Bars));

        await page.Page.Locator(".unipo >> nth=1").Locator("[data-at='3']").FocusAsync();
        Assert.Contains(
            "token 1 of 3, response 2",
            await page.Page.Locator(".inspect >> nth=1").InnerTextAsync(),
            StringComparison.Ordinal
        );
        page.AssertQuiet();
    }

    [Fact]
    public async Task Output_put_into_a_running_page_wakes_up()
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: true, WidgetBundle.Element);
        await page.Page.EvaluateAsync(
            "html => { const cell = document.createElement('div'); cell.innerHTML = html; document.querySelector('main').append(cell); }",
            View.Markup()
        );
        Assert.Equal("1 ready", await page.Page.EvaluateAsync<string>(Bars));
    }

    [Fact]
    public async Task Policy_that_forbids_eval_and_every_load_does_not_matter()
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: true);
        await page.Page.SetContentAsync(
            HostPage
                .Around(HostTheme.Light, WidgetBundle.Element, View.Markup())
                .Replace(
                    "<meta charset",
                    """
                    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"><meta charset
                    """.Trim(),
                    StringComparison.Ordinal
                )
        );
        await page.Page.Locator("select >> nth=0").SelectOptionAsync("ratio");
        Assert.Equal("1 ready", await page.Page.EvaluateAsync<string>(Bars));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Damaged_data_leaves_the_static_view_and_says_why()
    {
        var broken = System.Text.RegularExpressions.Regex.Replace(View.Markup(), "\"packed\":\"[^\"]{20}", "\"packed\":\"");
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            WidgetBundle.Element,
            broken
        );
        Assert.Equal("0", await page.Page.EvaluateAsync<string>(Bars));
        Assert.NotEmpty(await page.Page.EvaluateAsync<string>("() => document.querySelector('.unipo').dataset.failed"));
        page.AssertQuiet();
    }

    [Fact]
    public async Task Ten_thousand_hostile_strings_execute_nothing()
    {
        string[] hostile =
        [
            "<script>window.bad=1</script>",
            "</script><script>window.bad=1</script>",
            "<img src=x onerror=window.bad=1>",
            "\"><svg onload=window.bad=1>",
            "' autofocus onfocus='window.bad=1",
            "javascript:window.bad=1",
            "<!--",
            "-->",
            "]]>",
            "${window.bad=1}",
            "{{bad}}",
            "\u202Egnp\u202C",
            "\0",
            "<style>*{display:none}</style>",
            "&lt;script&gt;",
            "\u2028window.bad=1",
        ];
        var batch = Sample.Batch([
            .. Enumerable
                .Range(0, 25)
                .Select(p =>
                    (
                        hostile[p % hostile.Length],
                        (string?)hostile[(p + 1) % hostile.Length],
                        Enumerable
                            .Range(0, 8)
                            .Select(r =>
                                (
                                    Enumerable.Range(0, 50).Select(t => hostile[(p + r + t) % hostile.Length] + t).ToArray(),
                                    r % 2.0,
                                    r == 0
                                )
                            )
                            .ToArray()
                    )
                ),
        ]);
        var view = Sample.Grpo(batch).Tokens() with { Prompts = 25, MostTokens = 12_000, TokensPerResponse = 50 };
        await using var page = await WidgetPage.OpenAsync(fixture, view);
        foreach (var token in (int[])[0, 1, 5, 9, 13, 4000])
            await page.Page.Locator($"[data-at='{token}']").FocusAsync();
        await page.Page.GetByLabel("order").SelectOptionAsync("length-");

        Assert.Equal(10_000, await page.Page.Locator(".toks > span").CountAsync());
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.bad === undefined"));
        page.AssertQuiet();
    }
}
