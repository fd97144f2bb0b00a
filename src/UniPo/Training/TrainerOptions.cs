using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// How a run is carried out. What is maximised is the objective's business; these settings are the same for all of them.
/// </summary>
/// <remarks>
/// The defaults suit the tiny models: 8 × 16 responses, learning rate 1e-4 (3e-5 to 3e-4 is safe, 3e-3 collapses).
/// </remarks>
public sealed record TrainerOptions
{
    /// <summary>Decides prompts, tokens and the order of mini-batches: the same seed gives the same run.</summary>
    public ulong Seed { get; init; }

    /// <summary>Prompts of a rollout, at least 1.</summary>
    public int Prompts
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Prompts));
    } = 8;

    /// <summary>
    /// Responses to each prompt (G), at least 1; objectives that compare within a group need 2. Null for the objective's own
    /// plan.
    /// </summary>
    public int? Group
    {
        get;
        init => field = value is { } v ? Require.AtLeast(v, 1, nameof(Group)) : null;
    }

    /// <summary>How often each response is learned from, at least 1; null for the objective's own plan.</summary>
    public int? Passes
    {
        get;
        init => field = value is { } v ? Require.AtLeast(v, 1, nameof(Passes)) : null;
    }

    /// <summary>
    /// Optimiser steps of one pass, from 1 to <see cref="Prompts"/> (a group is never cut); null for the objective's own plan.
    /// </summary>
    public int? MiniBatches
    {
        get;
        init => field = value is { } v ? Require.AtLeast(v, 1, nameof(MiniBatches)) : null;
    }

    /// <summary>Responses that go through the policy at once; null for all. Bounds the memory and changes no weight.</summary>
    public int? MicroBatch
    {
        get;
        init => field = value is { } v ? Require.AtLeast(v, 1, nameof(MicroBatch)) : null;
    }

    /// <summary>
    /// Threads that compute, in [1, 256]; null to leave that to the policy. Results do not depend on it, to the last bit.
    /// </summary>
    /// <remarks>What a policy makes of it is told by its UseThreads; many runs at once are best given one each.</remarks>
    public int? Threads
    {
        get;
        init =>
            field = value is null or >= 1 and <= 256
                ? value
                : throw new ArgumentOutOfRangeException(nameof(Threads), $"Threads must lie in [1, 256], but was {value}.");
    }

    /// <summary>Divides the logits when sampling and when learning, &gt; 0.</summary>
    public double Temperature
    {
        get;
        init => field = Require.Positive(value, nameof(Temperature));
    } = 1;

    /// <summary>AdamW's learning rate after the warm-up, at least 0.</summary>
    public double LearningRate
    {
        get;
        init => field = Require.NotNegative(value, nameof(LearningRate));
    } = 1e-4;

    /// <summary>Steps over which the learning rate rises, at least 0.</summary>
    public int WarmupSteps
    {
        get;
        init => field = Require.AtLeast(value, 0, nameof(WarmupSteps));
    } = 10;

    /// <summary>How the learning rate falls after the warm-up.</summary>
    public Decay Decay { get; init; }

    /// <summary>AdamW's weight decay, in [0, 1).</summary>
    public double WeightDecay
    {
        get;
        init => field = Require.That(value, value is >= 0 and < 1, nameof(WeightDecay), "lie in [0, 1)");
    }

    /// <summary>The gradient is shortened to this length when it is longer, &gt; 0; null for never.</summary>
    public double? GradientClip
    {
        get;
        init => field = value is { } v ? Require.Positive(v, nameof(GradientClip)) : null;
    } = 1.0;

    /// <summary>
    /// Learning rate of a critic that is fitted beside the policy (TRPO), at least 0; elsewhere the critic learns with the
    /// policy.
    /// </summary>
    public double CriticLearningRate
    {
        get;
        init => field = Require.NotNegative(value, nameof(CriticLearningRate));
    } = 1e-2;

    /// <summary>Steps of such a critic for each rollout, at least 0.</summary>
    public int CriticPasses
    {
        get;
        init => field = Require.AtLeast(value, 0, nameof(CriticPasses));
    } = 5;

    /// <summary>True to measure the KL to the frozen reference also where the objective does not need it.</summary>
    public bool TrackKl { get; init; } = true;

    /// <summary>True to measure held-out accuracy before the first and after the last step.</summary>
    public bool MeasureHeldOut { get; init; } = true;

    /// <summary>Measure held-out accuracy after every so many steps as well, at least 0; 0 for never.</summary>
    public int EvaluateEvery
    {
        get;
        init => field = Require.AtLeast(value, 0, nameof(EvaluateEvery));
    }

    /// <summary>Held-out prompts to measure on, at least 1; null for all.</summary>
    public int? HeldOutPrompts
    {
        get;
        init => field = value is { } v ? Require.AtLeast(v, 1, nameof(HeldOutPrompts)) : null;
    }

    /// <summary>Keep the weights of every token of every so many steps, at least 0; 0 keeps metrics only.</summary>
    public int TokensEvery
    {
        get;
        init => field = Require.AtLeast(value, 0, nameof(TokensEvery));
    } = 1;

    /// <summary>Name of the policy in logs; null for the name it has (<see cref="IPolicy.Name"/>).</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Settings with which an algorithm is known to improve the shipped models; docs/training.md has the figures.
    /// </summary>
    /// <param name="objective">One of <see cref="Algorithms"/>, or one like it.</param>
    public static TrainerOptions For(Objective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        // Steps on a quarter of each rollout mean a quarter of the rollouts: the rate makes up for part of that.
        return objective.Sampling is { Passes: 1, MiniBatches: > 1 }
            ? new TrainerOptions { LearningRate = 2e-4 }
            : new TrainerOptions();
    }

    internal LearningRateSchedule Schedule =>
        new()
        {
            Peak = LearningRate,
            WarmupSteps = WarmupSteps,
            Decay = Decay,
        };
}
