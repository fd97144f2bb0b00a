using System.Text.Json;
using System.Text.RegularExpressions;
using UniPo.Interactive.Tests.Views;

namespace UniPo.Interactive.Tests.Browser;

/// <summary>Scripts removed: every number and every mark of the first state is on the page, of every view.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class WithoutScriptTests(BrowserFixture fixture)
{
    // What a reader can see of each view once everything that folds is open.
    private const string Seen = """
        () => [...document.querySelectorAll('main > div')].map(cell => {
          const marks = [...cell.querySelectorAll('svg path, svg circle, svg rect, svg polygon')];
          return {
            text: cell.innerText + ' ' + [...cell.querySelectorAll('svg text, math')].map(t => t.textContent).join(' '),
            marks: marks.length,
            invisible: marks.filter(m => { const b = m.getBoundingClientRect(); return b.width + b.height === 0 && m.getAttribute('d') !== ''; }).map(m => m.outerHTML.slice(0, 120)),
          };
        })
        """;

    private static string[] Views => [.. EveryView.All.Select(v => v.Markup())];

    private static string[] Bare =>
        [.. Views.Select(v => Scripts().Replace(v, "").Replace("<details", "<details open", StringComparison.Ordinal))];

    [Fact]
    public async Task Every_number_of_the_text_twin_and_every_mark_is_visible()
    {
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: false, Bare);
        var seen = (await page.Page.EvaluateAsync<JsonElement>(Seen)).EnumerateArray().ToArray();

        Assert.All(
            EveryView.All.Zip(seen),
            view =>
            {
                var text = view.Second.GetProperty("text").GetString()!.Replace('\n', ' ');
                Assert.All(
                    Number().Matches(view.First.ToString()).Select(m => m.Value).Distinct(),
                    n => Assert.Contains(n, text, StringComparison.Ordinal)
                );
                Assert.Equal(
                    Mark().Count(Scripts().Replace(view.First.Markup(), "")),
                    view.Second.GetProperty("marks").GetInt32()
                );
                Assert.Equal("[]", view.Second.GetProperty("invisible").GetRawText());
            }
        );
        Assert.Equal(0, await page.Page.Locator("button:visible, select:visible, input:visible").CountAsync());
        page.AssertQuiet();
    }

    [Fact]
    public async Task The_script_takes_no_number_away()
    {
        await using var still = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1100, scripts: false, Bare);
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            1100,
            scripts: true,
            [.. Views, WidgetBundle.Element]
        );
        await page.Page.EvaluateAsync("() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }");
        var before = (await still.Page.EvaluateAsync<JsonElement>(Seen)).EnumerateArray();
        var after = (await page.Page.EvaluateAsync<JsonElement>(Seen)).EnumerateArray();
        // A moment shows one step at a time; its scrubber reaches the others.
        Assert.All(
            EveryView.All.Zip(before, after).Where(v => v.First is not Moment),
            v => Assert.Empty(Numbers(v.Second).Except(Numbers(v.Third)))
        );
        page.AssertQuiet();
    }

    private static IEnumerable<string> Numbers(JsonElement seen) =>
        Number().Matches(seen.GetProperty("text").GetString()!).Select(m => m.Value);

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();

    // Inside svg only: nothing else of ours has elements of these names.
    [GeneratedRegex("<(path|circle|rect|polygon)[ >]")]
    private static partial Regex Mark();
}
