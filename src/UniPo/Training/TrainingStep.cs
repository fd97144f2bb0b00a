using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace UniPo;

/// <summary>One optimiser step of a run, as a view shows it, a log stores it and a test asserts it.</summary>
public sealed record TrainingStep
{
    private const string NotKept =
        "the tokens of this step were not kept. TrainerOptions.TokensEvery = 1 keeps those of every step, 10 those of every tenth, 0 none; a log holds them where the run kept them.";

    /// <summary>Number of the optimiser step, from 0.</summary>
    public required int Step { get; init; }

    /// <summary>Number of the rollout whose responses this step learns from, from 0.</summary>
    public required int Rollout { get; init; }

    /// <summary>
    /// How often the responses were learned from before, from 0; above 0 they are no longer the current policy's own.
    /// </summary>
    public int Pass { get; init; }

    /// <summary>True for the first optimiser step on fresh responses.</summary>
    public required bool FirstAfterRollout { get; init; }

    /// <summary>Numbers of the step by their key in the <see cref="MetricGlossary"/>, in the glossary's order.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>
    /// The weights of every token of this step; null where a run or log keeps only metrics. <see cref="RequireReport"/> says why.
    /// </summary>
    public TokenReport? Report { get; init; }

    /// <summary>What was not as it should be, and its likely cause, one sentence or a few each; empty when all is well.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>All warnings of the step in one text; null when all is well.</summary>
    public string? Warning
    {
        get => Warnings.Count == 0 ? null : string.Join(" ", Warnings);
        init => Warnings = value is null ? [] : [value];
    }

    /// <summary>Wall-clock time of the step.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Every metric that some step of the same run measured, where another program wrote the run; else null.</summary>
    internal IReadOnlySet<string>? MetricsOfRun { get; init; }

    /// <summary>One metric, or null when this step did not measure it.</summary>
    /// <param name="key">A key in the <see cref="MetricGlossary"/>, or one that the log holds.</param>
    /// <exception cref="ArgumentException">There is no such metric; the message lists those there are.</exception>
    public double? Metric(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Metrics.TryGetValue(key, out var value))
            return value;
        return MetricGlossary.Contains(key) || MetricsOfRun?.Contains(key) == true
            ? null
            : throw MetricGlossary.Unknown(key, MetricsOfRun as IEnumerable<string> ?? Metrics.Keys);
    }

    /// <summary>The weights of every token of this step.</summary>
    /// <exception cref="InvalidOperationException">They were not kept; the message names the option that keeps them.</exception>
    public TokenReport RequireReport() => Report ?? throw new InvalidOperationException($"Step {Step}: {NotKept}");

    /// <summary>Checks a report that a view was given: <see cref="Report"/> may have been null.</summary>
    /// <param name="report">What a step kept.</param>
    /// <exception cref="ArgumentNullException">It kept nothing; the message names the option that keeps it.</exception>
    public static void RequireKept([NotNull] TokenReport? report)
    {
        if (report is null)
            throw new ArgumentNullException(nameof(report), NotKept);
    }

    /// <summary>For instance <c>step 12 of rollout 3: reward 0.41</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"step {Step} of rollout {Rollout}: {string.Join(", ", Metrics.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.####}")))}"
        );
}
