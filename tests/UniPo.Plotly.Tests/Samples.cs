using System.Reflection;
using Plotly.NET;
using UniPo.Interactive;

namespace UniPo.Plotly.Tests;

/// <summary>One chart of every kind.</summary>
internal static class Samples
{
    private static readonly Lazy<TokenReport> _report = new(() =>
    {
        var policy = TinyTransformer.Load("addition");
        var batch = Sampler.Sample(policy, Tasks.Addition(), prompts: 4, group: 8, seed: 1);
        var old = batch.LogProbs.Values.ToArray().Select((l, i) => Math.Min(0, l + (0.5 * Math.Sin(i))));
        var moved = batch with { OldLogProbs = new TokenColumn(batch.Layout, [.. old]), ReferenceLogProbs = batch.LogProbs };
        return Algorithms.Grpo.Evaluate(moved);
    });

    /// <summary>Five seeds each of two algorithms, as stored.</summary>
    public static IReadOnlyList<TrainingRun> Runs { get; } =
    [
        .. from algorithm in new[] { "dapo", "dr-grpo" }
        from seed in Enumerable.Range(1, 5)
        select RunLog.Read(Path.Combine(Root, "data", "runs", $"addition-{algorithm}-{seed}.jsonl")),
    ];

    public static TokenReport Report => _report.Value;

    public static Comparison Comparison =>
        new()
        {
            Task = "addition",
            Steps = 100,
            Algorithms = [.. Runs.Select(r => r.Header.Algorithm).Distinct()],
            Runs = Runs,
        };

    public static LineChart Lines =>
        LineChart.Of("a < b & c", "x", [1, 2, 3], ("first", [1, double.NaN, 3]), ("second", [3, 2, 1]));

    public static string[] All { get; } =
    ["curves", "seeds", "compared", "comparison", "clip", "clip with tokens", "distributions", "lines"];

    public static TheoryData<string> Names => new(All);

    public static GenericChart Chart(string name) =>
        name switch
        {
            "curves" => Runs[0].Curves().ToPlotly(),
            "seeds" => Runs.Curves().ToPlotly(),
            "compared" => Runs.Ranking().ToPlotly(),
            "comparison" => Comparison.ToPlotly(),
            "clip" => new Clip(0.2, 0.28).Plot().ToPlotly(),
            "clip with tokens" => Report.ClipPlot().ToPlotly(),
            "distributions" => Report.Distributions().ToPlotly(),
            "lines" => Lines.ToPlotly(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such sample."),
        };

    private static string Root =>
        typeof(Samples).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
}
