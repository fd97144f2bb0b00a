namespace UniPo;

/// <summary>What was trained, on what, and with which settings.</summary>
public sealed record RunHeader
{
    /// <summary>Name of the algorithm, for instance <c>GRPO</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>Name of the policy that was trained.</summary>
    public required string Model { get; init; }

    /// <summary>What the reward function rewards, in one sentence.</summary>
    public string? RewardStrategy { get; init; }

    /// <summary>Where the prompts come from, in one sentence; null when unknown.</summary>
    public string? Dataset { get; init; }

    /// <summary>Optimiser steps that were asked for; 0 when unknown.</summary>
    public int Steps { get; init; }

    /// <summary>How often each response is learned from; 1 is on-policy.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>The seed that decided everything.</summary>
    public ulong Seed { get; init; }

    /// <summary>False where a log does not tell the seed, so that <see cref="Seed"/> means nothing.</summary>
    public bool HasSeed { get; init; } = true;

    /// <summary>Prompts of each rollout; 0 when unknown.</summary>
    public int PromptsPerStep { get; init; }

    /// <summary>Responses of each prompt; 0 when unknown.</summary>
    public int GroupSize { get; init; }

    /// <summary>Settings by their field name (<c>clip_eps</c>, <c>kl_coef</c>, <c>learning_rate</c> …).</summary>
    public IReadOnlyDictionary<string, object> Hyperparameters { get; init; } = new Dictionary<string, object>();
}

/// <summary>How good a policy is on prompts it never trained on.</summary>
/// <param name="ExactProbability">Mean probability of the right answer, by teacher forcing, in [0, 1]; null where a task has no
/// single right answer.</param>
/// <param name="SampledAccuracy">Share of right answers among one sampled response a prompt; its mean reward where right answers
/// cannot be listed.</param>
/// <param name="Prompts">Number of held-out prompts used.</param>
public sealed record HeldOutAccuracy(double? ExactProbability, double SampledAccuracy, int Prompts);

/// <summary>A training run as plain data: what a view shows, a log stores and a test asserts is the same object.</summary>
public sealed record TrainingRun
{
    /// <summary>What was trained, and how.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>The steps in order.</summary>
    public required IReadOnlyList<TrainingStep> Steps { get; init; }

    /// <summary>Held-out accuracy before the first step; null when not measured.</summary>
    public HeldOutAccuracy? Before { get; init; }

    /// <summary>Held-out accuracy after the last step; null when not measured.</summary>
    public HeldOutAccuracy? After { get; init; }

    /// <summary>Why the run ended early; null when it took all its steps.</summary>
    public string? Stopped { get; init; }

    /// <summary>One metric over the steps; NaN where a step did not measure it.</summary>
    public double[] Curve(string metric) => [.. Steps.Select(s => s.Metric(metric) ?? double.NaN)];
}
