using System.Collections.Concurrent;

namespace UniPo.Claims.Tests;

/// <summary>Training runs over seeds, on all cores.</summary>
internal static class Runs
{
    private static readonly ConcurrentDictionary<string, TinyTransformer> Bases = new();

    /// <summary>A shipped base model.</summary>
    public static TinyTransformer Base(string name) => Bases.GetOrAdd(name, TinyTransformer.Load);

    /// <summary>One value for each seed 1, 2, … n.</summary>
    public static T[] Over<T>(int seeds, Func<ulong, T> one)
    {
        var values = new T[seeds];
        Parallel.For(
            0,
            seeds,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            i => values[i] = one((ulong)i + 1)
        );
        return values;
    }

    /// <summary>Held-out probability of a right answer after training, one for each of five seeds.</summary>
    public static TrainingRun[] Train(
        string policy,
        ITask task,
        Objective objective,
        int steps,
        Func<TrainerOptions, TrainerOptions>? change = null,
        int seeds = 5
    ) => Train(Base(policy), task, objective, steps, change, seeds);

    /// <summary>As above, from a policy of one's own.</summary>
    public static TrainingRun[] Train(
        TinyTransformer policy,
        ITask task,
        Objective objective,
        int steps,
        Func<TrainerOptions, TrainerOptions>? change = null,
        int seeds = 5
    )
    {
        var comparison = Compare.Train(
            policy,
            task,
            [objective],
            new ComparisonPlan
            {
                Seeds = seeds,
                Steps = steps,
                Overrule = change,
            }
        );
        Assert.Empty(comparison.Failed);
        return [.. comparison.Runs];
    }

    /// <summary>How often the policy is right after training, one number a seed.</summary>
    public static double[] After(this TrainingRun[] runs) => [.. runs.Select(r => r.After!.ExactProbability!.Value)];

    /// <summary>How much more often it is right than before.</summary>
    public static double[] Gains(this TrainingRun[] runs) =>
        [.. runs.Select(r => r.After!.ExactProbability!.Value - r.Before!.ExactProbability!.Value)];

    /// <summary>Mean of a metric over the last fifth of the steps, one number a seed.</summary>
    public static double[] Last(this TrainingRun[] runs, string metric) =>
        [.. runs.Select(r => Mean(r.Steps.Skip(r.Steps.Count * 4 / 5), metric))];

    /// <summary>Mean of a metric over the first fifth of the steps, one number a seed.</summary>
    public static double[] First(this TrainingRun[] runs, string metric) =>
        [.. runs.Select(r => Mean(r.Steps.Take(r.Steps.Count / 5), metric))];

    /// <summary>Mean and interval of one number a seed.</summary>
    public static Estimate Estimate(this double[] values) => UniPo.Estimate.Of(values);

    /// <summary>Mean and interval of the differences of pairs with the same seed.</summary>
    public static Estimate Minus(this double[] values, double[] others) => UniPo.Estimate.OfDifference(values, others);

    private static double Mean(IEnumerable<TrainingStep> steps, string metric) =>
        steps.Select(s => s.Metric(metric)).OfType<double>().Average();
}
