namespace UniPo;

/// <summary>One optimiser step of a run, as a view shows it, a log stores it and a test asserts it.</summary>
public sealed record TrainingStep
{
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

    /// <summary>The weights of every token of this step; null where a run or log keeps only metrics.</summary>
    public TokenReport? Report { get; init; }

    /// <summary>What was not as it should be, and its likely cause; null when all is well.</summary>
    public string? Warning { get; init; }

    /// <summary>Wall-clock time of the step.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>One metric, or null when this step did not measure it.</summary>
    public double? Metric(string key) => Metrics.TryGetValue(key, out var value) ? value : null;
}
