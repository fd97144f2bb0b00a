using UniPo.Numerics;

namespace UniPo;

/// <summary>How many runs a comparison consists of, and where they are kept.</summary>
public sealed record ComparisonPlan
{
    /// <summary>Seeds of each algorithm, at least 1; they are <see cref="FirstSeed"/>, <see cref="FirstSeed"/> + 1 …</summary>
    public int Seeds
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Seeds));
    } = 5;

    /// <summary>The first seed.</summary>
    public ulong FirstSeed { get; init; } = 1;

    /// <summary>Optimiser steps of each run, at least 1.</summary>
    public int Steps
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Steps));
    } = 150;

    /// <summary>Settings of the runs; their seed is overruled. Null for what is recommended for each algorithm.</summary>
    public TrainerOptions? Options { get; init; }

    /// <summary>Changes to the settings of each algorithm, for instance what a command line asked for; null for none.</summary>
    public Func<TrainerOptions, TrainerOptions>? Overrule { get; init; }

    /// <summary>Folder of the run logs: a run that is finished there is not repeated. Null to keep nothing on disk.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// Keep the weights of every token of every so many steps, at least 0; 0 keeps metrics only. Logs hold two prompts of such a
    /// step.
    /// </summary>
    public int TokensEvery
    {
        get;
        init => field = Require.AtLeast(value, 0, nameof(TokensEvery));
    }

    /// <summary>Runs at the same time, at least 1; null for one a processor core. Results do not depend on it.</summary>
    public int? Parallel
    {
        get;
        init => field = value is { } v ? Require.AtLeast(v, 1, nameof(Parallel)) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(ComparisonPlan), PrintMembers);
}

/// <summary>Where a comparison is.</summary>
/// <param name="Algorithm">Algorithm of the run that has news.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="StepsDone">Its steps so far.</param>
/// <param name="Finished">Runs of the whole comparison that are over, failed ones included.</param>
/// <param name="Total">Runs of the whole comparison.</param>
/// <param name="Run">The run, when it has just finished; null while it goes on or when it failed.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public sealed record ComparisonProgress(
    string Algorithm,
    ulong Seed,
    int StepsDone,
    int Finished,
    int Total,
    TrainingRun? Run = null,
    string? Failure = null
)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(ComparisonProgress), PrintMembers);
}
