namespace UniPo.Interactive.Tests.Views;

/// <summary>
/// Sizes of outputs with default settings, on what a default training gives: 8 prompts, 16 short responses each, 150 steps.
/// </summary>
public sealed class SizeTests
{
    private static readonly Lazy<TokenReport> _report = new(() => Sample.Grpo(Sample.Large(prompts: 8, group: 16, longest: 5)));

    private static readonly Lazy<TokenReport> _long = new(() => Sample.Grpo(Sample.Large(prompts: 8, group: 16, longest: 200)));

    private static readonly Dictionary<string, Func<TokenReport, View>> _views = new()
    {
        ["tokens"] = r => r.Tokens(),
        ["tokens by ratio"] = r => r.Tokens(TokenColour.Ratio),
        ["batch"] = r => r.Batch.Tokens(),
        ["what-if"] = r => r.WhatIf(),
        ["what-if with others"] = r => r.WhatIf(Algorithms.DrGrpo, Algorithms.Reinforce),
        ["same rollouts"] = r =>
            new Objective[] { Algorithms.Grpo, Algorithms.Dapo, Algorithms.DrGrpo, Algorithms.Reinforce, Algorithms.Rloo }
                .Select(o => o.Evaluate(r.Batch))
                .SideBySide(),
        ["clip plot"] = r => r.ClipPlot(),
        ["distributions"] = r => r.Distributions(),
        ["moment"] = r => (Sample.Run(1) with { Steps = [Sample.Run(1).Steps[0] with { Report = r }] }).Moment(),
    };

    public static TheoryData<string> Names => [.. _views.Keys];

    // Every view that can be recomputed carries its objective as a formula with its sentences, which takes a few KB; a what-if also
    // carries each algorithm and each exchanged part that can be tried.
    private static int Limit(string name) => name == "what-if" ? 80 : 70;

    [Theory, MemberData(nameof(Names))]
    public void Short_responses_stay_small(string name) => AssertSmall(_views[name](_report.Value), Limit(name));

    [Theory, MemberData(nameof(Names))]
    public void Long_responses_stay_small(string name) => AssertSmall(_views[name](_long.Value), Limit(name));

    [Fact]
    public void Curves_of_fifteen_runs_stay_below_64_KB()
    {
        var runs = Enumerable.Range(0, 15).Select(i => Sample.Run(150, (ulong)(i % 5), $"algorithm {i / 5}")).ToArray();
        AssertSmall(runs.Curves());
        AssertSmall(runs.Ranking());
        AssertSmall(runs[0].Curves());
        AssertSmall(runs[0].Radial());
    }

    [Fact]
    public void Curves_of_many_metrics_name_those_for_which_there_is_no_room()
    {
        TrainingRun More(TrainingRun run) =>
            run.Measuring(s =>
                s.Metrics.Concat(Enumerable.Range(0, 9).Select(i => KeyValuePair.Create($"extra{i}", Math.Sin(s.Step * 7.7 + i))))
            );
        var curves = Enumerable.Range(0, 15).Select(i => More(Sample.Run(150, (ulong)(i % 5), $"algorithm {i / 5}"))).Curves();
        AssertSmall(curves);
        Assert.Contains("without room here: extra0, extra1", curves.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("without room", More(Sample.Run(150)).Curves().ToString(), StringComparison.Ordinal);
    }

    private static void AssertSmall(View view, int kilobytes = 64) =>
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(view.Markup()), 1000, kilobytes * 1024);
}
