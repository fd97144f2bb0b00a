using System.Globalization;
using UniPo.Cli.Training;

namespace UniPo.Workshop.Runs;

/// <summary>
/// The runs behind the lesson "Side by side": small enough to be part of the repository, and the same bytes each time they are
/// made.
/// </summary>
internal static class StoredRuns
{
    /// <summary>Steps of every run.</summary>
    public const int Steps = 100;

    private const int PromptsWithTokens = 2;

    // Steps whose tokens are worth keeping in so short a run: the first, the second pass of algorithms that have one, and the way
    // from there to the end.
    private static readonly int[] _told = [0, 1, Steps / 4, Steps / 2, Steps - 1];

    /// <summary>Names of the tasks.</summary>
    public static IReadOnlyList<string> Tasks { get; } = ["addition", "scratchpad", "rubric"];

    /// <summary>The algorithms, the first being the one that others are compared with.</summary>
    public static IReadOnlyList<Objective> Objectives { get; } =
    [Algorithms.Reinforce, Algorithms.Ppo, Algorithms.Grpo, Algorithms.Dapo, Algorithms.DrGrpo];

    /// <summary>Trains one algorithm with some seeds, from 1 on, and reduces the runs to what is stored.</summary>
    public static Comparison Train(string taskName, Objective objective, int seeds, CancellationToken cancellationToken)
    {
        var task = UniPo.Tasks.Named(taskName);
        var plan = new ComparisonPlan
        {
            Seeds = seeds,
            Steps = Steps,
            TokensEvery = 1,
            Options = new() { EvaluateEvery = 5, HeldOutPrompts = 400 },
        };
        var comparison = Compare.Train(
            TinyTransformer.Load(BaseModel.For(task).Name),
            task,
            [objective],
            plan,
            cancellation: cancellationToken
        );
        return comparison with { Runs = [.. comparison.Runs.Select(Reduce)] };
    }

    /// <summary>File name of a run, for instance <c>addition-grpo-1.jsonl</c>.</summary>
    public static string FileName(string task, Objective objective, ulong seed) =>
        string.Create(CultureInfo.InvariantCulture, $"{task}-{AlgorithmNames.Of(objective)}-{seed}.jsonl");

    /// <summary>Writes a run.</summary>
    public static void Write(string path, TrainingRun run) => RunLog.Write(path, run, PromptsWithTokens, overwrite: true);

    // Tokens of the first seed only; six digits, which is more than any view shows; no times, the one thing that differs from run
    // to run.
    private static TrainingRun Reduce(TrainingRun run) =>
        run with
        {
            Steps =
            [
                .. run.Steps.Select(s =>
                    s with
                    {
                        Metrics = s.Metrics.ToDictionary(m => m.Key, m => Short(m.Value)),
                        Report = run.Header.Seed == 1 && _told.Contains(s.Step) ? Reduce(s.Report!) : null,
                        Duration = TimeSpan.Zero,
                    }
                ),
            ],
        };

    private static TokenReport Reduce(TokenReport report) =>
        report with
        {
            Weight = Short(report.Weight)!,
            Advantage = Short(report.Advantage),
            Ratio = Short(report.Ratio),
            Kl = Short(report.Kl),
            TokenObjective = Short(report.TokenObjective),
            AggregationWeight = Short(report.AggregationWeight),
            ValueWeight = Short(report.ValueWeight),
            Batch = report.Batch with
            {
                LogProbs = Short(report.Batch.LogProbs)!,
                OldLogProbs = Short(report.Batch.OldLogProbs)!,
                ReferenceLogProbs = Short(report.Batch.ReferenceLogProbs),
                Entropies = Short(report.Batch.Entropies),
                Values = Short(report.Batch.Values),
                OldValues = Short(report.Batch.OldValues),
            },
        };

    private static TokenColumn? Short(TokenColumn? column) =>
        column is null ? null : new TokenColumn(column.Layout, [.. column.Values.ToArray().Select(Short)]);

    private static double Short(double value) =>
        double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
