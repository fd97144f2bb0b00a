using MathNet.Numerics.Statistics;
using UniPo.Numerics;

namespace UniPo;

/// <summary>One number over the seeds of an algorithm.</summary>
/// <param name="Estimate">Mean with Student's interval.</param>
/// <param name="Bootstrap">95 % interval of the mean by resampling.</param>
/// <param name="Median">Median, which a single wild seed does not move.</param>
public sealed record SeedSummary(Estimate Estimate, MeanInterval Bootstrap, double Median)
{
    /// <summary>Sums up one number a seed.</summary>
    /// <exception cref="ArgumentException">There is none, or one is not finite.</exception>
    public static SeedSummary Of(IReadOnlyList<double> values) =>
        new(Estimate.Of(values), UniPo.Bootstrap.OfMean(values), values.Median());

    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(SeedSummary), PrintMembers);
}

/// <summary>What one algorithm reached.</summary>
/// <param name="Algorithm">Its name.</param>
/// <param name="Seeds">The seeds that reached their end.</param>
/// <param name="Before">Held-out accuracy before training.</param>
/// <param name="After">Held-out accuracy after it.</param>
/// <param name="Gain">After minus before.</param>
/// <param name="Seconds">Time of the steps of one run; runs side by side slow each other down.</param>
/// <param name="Against">After minus that of the first algorithm with the same seed; null for the first itself, or when no seed
/// is shared.</param>
public sealed record AlgorithmSummary(
    string Algorithm,
    IReadOnlyList<ulong> Seeds,
    SeedSummary Before,
    SeedSummary After,
    SeedSummary Gain,
    SeedSummary Seconds,
    SeedSummary? Against
)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(AlgorithmSummary), PrintMembers);
}

/// <summary>A run that did not reach its end.</summary>
/// <param name="Algorithm">Name of the algorithm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Reason">What went wrong, in a sentence.</param>
public sealed record FailedRun(string Algorithm, ulong Seed, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(FailedRun), PrintMembers);
}

/// <summary>The same training with several algorithms, over several seeds.</summary>
public sealed record Comparison
{
    /// <summary>Name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>Optimiser steps of each run.</summary>
    public required int Steps { get; init; }

    /// <summary>Names of the algorithms, in the order in which they were given.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>The runs that reached their end, ordered by algorithm and seed.</summary>
    public required IReadOnlyList<TrainingRun> Runs { get; init; }

    /// <summary>The runs that did not.</summary>
    public IReadOnlyList<FailedRun> Failed { get; init; } = [];

    /// <summary>What a reader should know before reading the numbers, for instance that two settings cannot differ here.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Every algorithm with at least one finished run, summed up.</summary>
    public IReadOnlyList<AlgorithmSummary> Summaries => [.. Algorithms.Where(name => RunsOf(name).Count > 0).Select(Summarize)];

    /// <summary>The finished runs of one algorithm, ordered by seed.</summary>
    public IReadOnlyList<TrainingRun> RunsOf(string algorithm) =>
        [.. Runs.Where(r => r.Header.Algorithm == algorithm).OrderBy(r => r.Header.Seed)];

    /// <summary>
    /// One metric of an algorithm at every step, over its seeds; steps at which no seed measured it are left out.
    /// </summary>
    /// <param name="algorithm">Name of the algorithm.</param>
    /// <param name="metric">Key in the <see cref="MetricGlossary"/>, or one that a step measured.</param>
    /// <exception cref="ArgumentException">There is no such algorithm or metric; the message lists those there are.</exception>
    public IReadOnlyList<(int Step, Estimate Value)> Curve(string algorithm, string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (!Algorithms.Contains(algorithm))
            throw new ArgumentException(
                $"There is no algorithm '{algorithm}' in this comparison; there are {string.Join(", ", Algorithms)}."
            );
        var runs = RunsOf(algorithm);
        if (!MetricGlossary.Contains(metric) && !runs.SelectMany(r => r.Steps).Any(s => s.Metrics.ContainsKey(metric)))
            throw MetricGlossary.Unknown(metric, runs.SelectMany(r => r.Steps).SelectMany(s => s.Metrics.Keys));
        return
        [
            .. runs.SelectMany(r => r.Steps)
                .GroupBy(s => s.Step)
                .OrderBy(g => g.Key)
                .Select(g =>
                    (
                        Step: g.Key,
                        Values: g.Select(s => s.Metrics.GetValueOrDefault(metric, double.NaN)).Where(double.IsFinite).ToArray()
                    )
                )
                .Where(p => p.Values.Length > 0)
                .Select(p => (p.Step, Estimate.Of(p.Values))),
        ];
    }

    /// <summary>A table of all algorithms, at most 100 columns wide.</summary>
    public override string ToString() => ComparisonText.Write(this);

    /// <summary>How accurate a policy is: exact where the task lists its right answers, sampled where it does not.</summary>
    internal static double Value(HeldOutAccuracy? accuracy) =>
        accuracy?.ExactProbability
        ?? accuracy?.SampledAccuracy
        ?? throw new InvalidOperationException("A run of a comparison must measure its held-out accuracy, but one did not.");

    private AlgorithmSummary Summarize(string name)
    {
        var (runs, first) = (RunsOf(name), RunsOf(Algorithms[0]));
        double[] before = [.. runs.Select(r => Value(r.Before))],
            after = [.. runs.Select(r => Value(r.After))];
        double[] paired =
        [
            .. from run in runs
            join other in first on run.Header.Seed equals other.Header.Seed
            select Value(run.After) - Value(other.After),
        ];
        return new AlgorithmSummary(
            name,
            [.. runs.Select(r => r.Header.Seed)],
            SeedSummary.Of(before),
            SeedSummary.Of(after),
            SeedSummary.Of([.. after.Zip(before, (a, b) => a - b)]),
            SeedSummary.Of([.. runs.Select(r => r.Steps.Sum(s => s.Duration.TotalSeconds))]),
            name == Algorithms[0] || paired.Length == 0 ? null : SeedSummary.Of(paired)
        );
    }
}
