using Microsoft.Playwright;
using UniPo.Interactive.Tests.Browser;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The formula pane of the explorer: a token's numbers, the branch that wins, GAE term by term, dynamic sampling.</summary>
[Collection(BrowserTests.Name)]
public sealed class FormulaPaneTests(BrowserFixture fixture)
{
    private static TrainingRun Run => Sample.RunWithTokens(12);

    [Fact]
    public async Task Token_in_focus_puts_its_numbers_into_the_formulas()
    {
        var report = Run.Steps[11].Report!;
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore());
        await page.Page.Locator(".inspector [data-at='0']").FocusAsync();
        foreach (var key in (string[])["ArrowRight", "ArrowDown"])
            await page.Page.Keyboard.PressAsync(key);
        var at = await page.Page.EvaluateAsync<int>("() => Number(document.activeElement.dataset.at)");
        var row = Enumerable
            .Range(0, report.Batch.Layout.Responses)
            .Last(r => report.Batch.Layout.RowStarts[r] <= ExplorerWidgetTests.Shown(Run, 11)[at]);
        var token = ExplorerWidgetTests.Shown(Run, 11)[at] - report.Batch.Layout.RowStarts[row];
        Assert.Equal(1, token);
        var why = report.Explain(row, token);

        Assert.StartsWith(
            $"Token {VisibleText.OfToken(why.Symbol)} number {token + 1} of response {row + 1}: w = {Numbers.Signed(why.Weight)}",
            await page.Page.InnerTextAsync(".formulas .head"),
            StringComparison.Ordinal
        );
        var formulas = await page.Page.TextContentAsync(".formulas .why");
        foreach (
            var number in new[]
            {
                report.Ratio![row, token],
                report.Advantage![row, token],
                report.Kl![row, token],
                report.AggregationWeight![row, token],
                report.Weight[row, token],
                report.Batch.LogProbs[row, token],
                report.Batch.OldLogProbs[row, token],
            }
        )
        {
            var written = Plain(Numbers.Short(Math.Abs(number)));
            Assert.True(
                Plain(formulas!).Contains(written, StringComparison.Ordinal),
                $"{written} stands nowhere in {Plain(formulas!)}"
            );
        }
        // The formulas are those of the algorithm: as many as C# has written, in the same order.
        Assert.Equal(
            why.Steps.Select(s => s.Part),
            await page.Page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('.formulas math')].map(m => m.closest('li').dataset.part)"
            )
        );
        page.AssertQuiet();
    }

    // A power of ten is written 1.2·10⁻⁴ in text and with raised elements in a formula.
    private static string Plain(string text) =>
        string.Concat(
                text.Replace("×10", "·10", StringComparison.Ordinal)
                    .Select(c =>
                        "⁰¹²³⁴⁵⁶⁷⁸⁹".IndexOf(c) is >= 0 and var d ? (char)('0' + d)
                        : c == '⁻' ? '−'
                        : c
                    )
            )
            .Replace(" ", "", StringComparison.Ordinal);

    [Fact]
    public async Task Branch_of_the_minimum_that_wins_is_marked()
    {
        var report = Run.Steps[11].Report!;
        await using var page = await WidgetPage.OpenAsync(fixture, Run.Explore());
        var shown = ExplorerWidgetTests.Shown(Run, 11);
        var clipped = Array.FindIndex(shown, t => report.Clipped![t] == ClipSide.High);
        var free = Array.FindIndex(shown, t => report.Clipped![t] == ClipSide.None && report.Ratio!.Values[t] is > 0.8 and < 1.2);
        foreach (var (token, bounded) in new[] { (clipped, true), (free, false) })
        {
            await page.Page.Locator($".inspector [data-at='{token}']").FocusAsync();
            var won = page.Page.Locator(".formulas [data-part='trust region'] .won");
            Assert.Equal(1, await won.CountAsync());
            var text = (await won.TextContentAsync())!;
            Assert.Contains("✓", text, StringComparison.Ordinal);
            Assert.Equal(bounded, text.Contains("clip", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Advantage_of_a_critic_is_added_up_term_by_term()
    {
        var run = WithCritic();
        var report = run.Steps[^1].Report!;
        await using var page = await WidgetPage.OpenAsync(fixture, run.Explore());
        await page.Page.Locator(".inspector [data-at='1']").FocusAsync();
        var terms = await page.Page.Locator(".formulas .terms li").AllInnerTextsAsync();
        var (length, gamma, lambda) = (report.Batch.Layout.Length(0), 0.9, 0.8);
        Assert.Equal(length, terms.Count); // one for each token from the second on, and the sum
        var values = report.Batch.OldValues!.Values.ToArray();
        var (sum, factor) = (0.0, 1.0);
        for (var t = 1; t < length; t++)
        {
            var delta = (t == length - 1 ? report.Batch.Responses[0].Reward : gamma * values[t + 1]) - values[t];
            Assert.Contains(
                $"= {Numbers.Short(delta)}; counts {Numbers.Short(factor)}, adds {Numbers.Short(factor * delta)}",
                terms[t - 1],
                StringComparison.Ordinal
            );
            sum += factor * delta;
            factor *= gamma * lambda;
        }
        Assert.Equal($"sum {Numbers.Short(sum)}", terms[^1]);
        Assert.Equal(sum, report.Advantage![0, 1], 12);
    }

    private static TrainingRun WithCritic()
    {
        var ppo = Algorithms.Ppo with
        {
            Advantage = new Gae { Gamma = 0.9, Lambda = 0.8 },
            Kl = Kl.None,
        };
        var batch = Sample.Large(2, 3, 8);
        var values = new TokenColumn(
            batch.Layout,
            [.. Enumerable.Range(0, batch.Layout.Tokens).Select(t => 0.4 + 0.1 * Math.Sin(t))]
        );
        var run = Sample.Run(2);
        return run with
        {
            Steps =
            [
                .. run.Steps.Select(s => s with { Report = ppo.Evaluate(batch with { OldValues = values, Values = values }) }),
            ],
        };
    }

    [Fact]
    public async Task Condition_of_dynamic_sampling_is_evaluated_on_the_group()
    {
        var run = Sample.Run(2);
        run = run with { Steps = [.. run.Steps.Select(s => s with { Report = Sample.Grpo(Sample.Sums()) })] };
        await using var page = await WidgetPage.OpenAsync(fixture, run.Explore());
        await page.Page.Locator(".inspector [data-at='0']").FocusAsync();
        Assert.Contains(
            "0 < 2 < 4 responses of this group have the best reward 1, so the group would be kept",
            await page.Page.InnerTextAsync(".formulas"),
            StringComparison.Ordinal
        );
        await page.Page.Locator(".inspector [data-at='20']").FocusAsync();
        Assert.Contains(
            "all 4 rewards of this group are 1, so 0 < #best < G does not hold and the group would be replaced",
            await page.Page.InnerTextAsync(".formulas"),
            StringComparison.Ordinal
        );
    }
}
