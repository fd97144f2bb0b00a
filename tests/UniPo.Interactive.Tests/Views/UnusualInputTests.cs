namespace UniPo.Interactive.Tests.Views;

/// <summary>
/// Unusual input, crossed with every view that can be given it: each is drawn, says something, and shows no NaN.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class UnusualInputTests(BrowserFixture fixture)
{
    private static readonly Dictionary<string, Func<TrainingRun[]>> _runs = new()
    {
        ["no step"] = () => [Sample.Run(0)],
        ["no metrics"] = () => [Bare(Sample.Run(4))],
        ["one step"] = () => [Sample.RunWithTokens(1)],
        ["one step among longer runs"] = () => [Sample.Run(1), Sample.Run(9, 2), Sample.Run(4, 1, "Dr. GRPO")],
        ["NaN and infinity in every metric"] = () => [Broken(Sample.RunWithTokens(6))],
        ["nothing but NaN"] = () => [Only(Sample.Run(6), double.NaN)],
        ["a constant"] = () => [Only(Sample.Run(6), 0.25)],
        ["numbers at the edge of double"] = () => [Extreme(Sample.Run(6))],
        ["metrics that come and go"] = () => [Gaps(Sample.RunWithTokens(8))],
        ["steps out of order and twice"] = () => [Shuffled(Sample.Run(8))],
        ["unequal lengths"] = () =>
            [Sample.Run(3, 1), Sample.Run(40, 2), Sample.Run(17, 1, "Dr. GRPO"), Sample.Run(0, 2, "Dr. GRPO")],
        ["a hundred thousand steps"] = () => [Sample.Run(100_000)],
    };

    private static readonly Dictionary<string, Func<TokenReport>> _reports = new()
    {
        ["one token"] = () => Sample.Grpo(Sample.Batch(("p", null, [(["x"], 1, false)]))),
        ["responses without tokens"] = () => Sample.Grpo(Sample.Batch(("p", null, [([], 0, true), (["x"], 1, false)]))),
        ["a group without spread"] = () => Sample.Grpo(Sample.Batch(("p", "a", [(["x", "y"], 1, false), (["z"], 1, false)]))),
        ["one response of a thousand tokens"] = () =>
            Sample.Grpo(
                Sample.Batch(("p", "a", [([.. Enumerable.Range(0, 1000).Select(i => $"{i}")], 1, true), (["z"], 0, false)]))
            ),
        ["rewards of very different size"] = () =>
            Sample.Grpo(Sample.Batch(("p", "a", [(["x", "y"], 1e-12, false), (["z"], 1e9, false), (["z"], -3, false)]))),
        ["numbers that are not there"] = () => Unknown(Sample.Grpo(Sample.Sums())),
        ["columns that are not there"] = () =>
            Sample.Grpo(Sample.Sums()) with
            {
                Objective = new LoggedObjective { Name = "foreign" },
                Advantage = null,
                Ratio = null,
                Clipped = null,
                Kl = null,
                TokenObjective = null,
                AggregationWeight = null,
            },
    };

    public static TheoryData<string> Runs => [.. _runs.Keys];

    public static TheoryData<string> Reports => [.. _reports.Keys];

    [Theory, MemberData(nameof(Runs))]
    public Task Run_has_its_look_in_every_view(string name)
    {
        var runs = _runs[name]();
        List<View> views =
        [
            runs.Curves(),
            runs.Ranking(),
            runs[0].Explore(),
            runs[0].Radial(),
            new LiveCurves(runs[0], 10),
            runs[0].Header.Show(),
            runs[0].Steps.Show(),
        ];
        if (runs[0].Steps.Count > 0)
            views.Add(runs[0].Moment());
        return AssertLooks(views);
    }

    [Theory, MemberData(nameof(Reports))]
    public Task Report_has_its_look_in_every_view(string name)
    {
        var report = _reports[name]();
        var run = Sample.Run(2);
        run = run with { Steps = [.. run.Steps.Select(s => s with { Report = report })] };
        return AssertLooks([
            report.Tokens(),
            .. Enum.GetValues<TokenColour>().Select(c => report.Tokens(c)),
            report.Batch.Tokens(),
            report.ClipPlot(),
            report.Distributions(),
            report.WhatIf(Algorithms.DrGrpo),
            new[] { report, report }.SideBySide(),
            run.Moment(),
            run.Explore(),
            new TokenCard(report.Explain(report.Batch.Layout.Length(0) > 0 ? 0 : 1, 0)),
        ]);
    }

    private async Task AssertLooks(IReadOnlyList<View> views)
    {
        Assert.All(
            views,
            v =>
            {
                // A message that refuses a column says which number was wrong in it.
                Assert.DoesNotContain(
                    "NaN",
                    v.ToString().Replace(" was NaN;", "", StringComparison.Ordinal),
                    StringComparison.Ordinal
                );
                Assert.True(v.ToString().Length > 10, $"{v.GetType().Name} says nothing.");
            }
        );
        await using var page = await ViewPage.OpenAsync(
            fixture,
            HostTheme.Light,
            900,
            scripts: true,
            [WidgetBundle.Element, .. views.Select(v => v.Markup())]
        );
        var faults = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.unipo')].flatMap(v => [
              v.dataset.failed ? `${v.localName} failed: ${v.dataset.failed}` : null,
              v.getBoundingClientRect().height < 30 || v.innerText.trim().length < 10 ? `${v.localName} is empty` : null,
              /NaN(?!;)|undefined|Infinity|\[object/.test(v.innerText) ? `${v.localName} says ${/.{0,40}(NaN|undefined|Infinity|\[object).{0,20}/.exec(v.innerText)?.[0]}` : null,
              ...[...v.querySelectorAll('svg *')].flatMap(e => [...e.attributes].filter(a => /NaN|undefined|Infinity/.test(a.value)).map(a => `${v.localName} draws ${a.name}=${a.value.slice(0, 60)}`)).slice(0, 2),
            ]).filter(Boolean)
            """
        );
        Assert.Empty(faults);
        page.AssertQuiet();
    }

    private static TrainingRun With(TrainingRun run, Func<TrainingStep, string, double, double?> change) =>
        run.Measuring(s =>
            s.Metrics.Select(m => (m.Key, Value: change(s, m.Key, m.Value)))
                .Where(m => m.Value is not null)
                .Select(m => KeyValuePair.Create(m.Key, m.Value!.Value))
        );

    private static TrainingRun Bare(TrainingRun run) => With(run, (_, _, _) => null);

    private static TrainingRun Only(TrainingRun run, double value) => With(run, (_, _, _) => value);

    private static TrainingRun Broken(TrainingRun run) =>
        With(
            run,
            (s, _, v) =>
                s.Step switch
                {
                    1 => double.NaN,
                    2 => double.PositiveInfinity,
                    3 => double.NegativeInfinity,
                    _ => v,
                }
        );

    private static TrainingRun Gaps(TrainingRun run) => With(run, (s, key, v) => (s.Step + key.Length) % 3 == 0 ? null : v);

    private static TrainingRun Extreme(TrainingRun run) =>
        With(
            run,
            (s, _, _) =>
                s.Step switch
                {
                    0 => double.MaxValue,
                    1 => -double.MaxValue,
                    2 => double.Epsilon,
                    _ => 0,
                }
        );

    private static TrainingRun Shuffled(TrainingRun run) => run with { Steps = [.. run.Steps.Reverse(), run.Steps[3]] };

    private static TokenReport Unknown(TokenReport report)
    {
        var nothing = new TokenColumn(report.Batch.Layout, [.. Enumerable.Repeat(double.NaN, report.Batch.Layout.Tokens)]);
        return report with
        {
            Objective = new LoggedObjective { Name = "foreign" },
            Weight = nothing,
            Advantage = nothing,
            Ratio = nothing,
            Kl = nothing,
            TokenObjective = nothing,
            Batch = report.Batch with
            {
                LogProbs = nothing,
                OldLogProbs = nothing,
                Entropies = nothing,
                ReferenceLogProbs = null,
            },
        };
    }
}
