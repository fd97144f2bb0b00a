using UniPo.Numerics;

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

    /// <summary>
    /// Sixteen digits that stand for settings, task, seed and base model: two runs that have them in common are the same run. Null
    /// for a run of another program.
    /// </summary>
    public string? Identity { get; init; }

    /// <summary>Prompts of each rollout; 0 when unknown.</summary>
    public int PromptsPerStep { get; init; }

    /// <summary>Responses of each prompt; 0 when unknown.</summary>
    public int GroupSize { get; init; }

    /// <summary>Settings by their field name (<c>clip_eps</c>, <c>kl_coef</c>, <c>learning_rate</c> …).</summary>
    public IReadOnlyDictionary<string, object> Hyperparameters { get; init; } = new Dictionary<string, object>();

    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(RunHeader), PrintMembers);
}

/// <summary>How good a policy is on prompts it never trained on.</summary>
/// <param name="ExactProbability">Mean probability of the right answer, by teacher forcing, in [0, 1]; null where a task has no
/// single right answer.</param>
/// <param name="SampledAccuracy">Share of right answers among one sampled response a prompt; its mean reward where right answers
/// cannot be listed.</param>
/// <param name="Prompts">Number of held-out prompts used.</param>
public sealed record HeldOutAccuracy(double? ExactProbability, double SampledAccuracy, int Prompts)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(HeldOutAccuracy), PrintMembers);
}

/// <summary>Something about a run that was not as it should be.</summary>
/// <param name="Step">The optimiser step at which it was noticed, from 0.</param>
/// <param name="Text">What it is, and its likely cause.</param>
public sealed record TrainingWarning(int Step, string Text)
{
    /// <summary>For instance <c>step 9: For 8 rollouts …</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"step {Step}: {Text}");
}

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

    /// <summary>What had to be mended to read the run from a log; empty for a run that was just trained.</summary>
    public IReadOnlyList<TrainingWarning> Notes { get; init; } = [];

    /// <summary>Everything that was not as it should be, in the order of the steps; a view shows each at its step.</summary>
    public IReadOnlyList<TrainingWarning> Warnings =>
        [
            .. Notes
                .Concat(Steps.SelectMany(s => s.Warnings.Select(text => new TrainingWarning(s.Step, text))))
                .OrderBy(w => w.Step),
        ];

    /// <summary>One metric over the steps; NaN where a step did not measure it.</summary>
    /// <param name="metric">A key in the <see cref="MetricGlossary"/>, or one that a step measured.</param>
    /// <exception cref="ArgumentException">There is no such metric; the message lists those there are.</exception>
    public double[] Curve(string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (!MetricGlossary.Contains(metric) && !Steps.Any(s => s.Metrics.ContainsKey(metric)))
            throw MetricGlossary.Unknown(metric, Steps.SelectMany(s => s.Metrics.Keys));
        return [.. Steps.Select(s => s.Metrics.TryGetValue(metric, out var value) ? value : double.NaN)];
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(TrainingRun), PrintMembers);
}
