using UniPo.Numerics;

namespace UniPo;

/// <summary>How an algorithm wants its responses sampled and used; the trainer carries it out.</summary>
public sealed record SamplingPlan
{
    /// <summary>Responses for each prompt, G; at least 1. Default 16.</summary>
    public int GroupSize
    {
        get;
        init => field = Require.AtLeast(value, 1, "SamplingPlan.GroupSize");
    } = 16;

    /// <summary>How often each response is learnt from; at least 1. Default 1.</summary>
    public int Passes
    {
        get;
        init => field = Require.AtLeast(value, 1, "SamplingPlan.Passes");
    } = 1;

    /// <summary>Optimiser steps in one pass; at least 1. Default 1.</summary>
    public int MiniBatches
    {
        get;
        init => field = Require.AtLeast(value, 1, "SamplingPlan.MiniBatches");
    } = 1;

    /// <summary>
    /// True to throw away groups whose rewards are all equal and to sample others in their place (DAPO's dynamic sampling).
    /// </summary>
    public bool RefillSilentGroups { get; init; }

    /// <summary>Largest number of rollouts for one step when groups are refilled; at least 1. Default 4.</summary>
    public int MaxRefills
    {
        get;
        init => field = Require.AtLeast(value, 1, "SamplingPlan.MaxRefills");
    } = 4;

    /// <summary>Penalty for responses near the length limit, added to the reward; null for none.</summary>
    public OverlongPenalty? Overlong { get; init; }

    /// <summary>True when each prompt also needs the reward of its greedy response (ReMax).</summary>
    public bool GreedyRollout { get; init; }

    /// <summary>True when the policy needs a value head (PPO, TRPO).</summary>
    public bool NeedsCritic { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        List<string> words = [GroupSize == 1 ? "1 response a prompt" : $"{GroupSize} responses a prompt"];
        if (Passes > 1)
            words.Add($"{Passes} passes over each");
        if (MiniBatches > 1)
            words.Add($"{MiniBatches} optimiser steps a pass");
        if (RefillSilentGroups)
            words.Add($"groups with equal rewards are sampled anew (up to {MaxRefills} rollouts)");
        if (Overlong is { } overlong)
            words.Add(overlong.ToString());
        if (GreedyRollout)
            words.Add("one greedy response a prompt as baseline");
        if (NeedsCritic)
            words.Add("needs a critic");
        return string.Join("; ", words);
    }
}
