namespace UniPo;

/// <summary>A_i = R_i − mean_g R: better or worse than the other answers to the same prompt.</summary>
/// <remarks>
/// Liu et al. 2025, "Understanding R1-Zero-like training" (Dr. GRPO), section 3; TRL <c>scale_rewards="none"</c>,
/// verl <c>norm_adv_by_std_in_grpo=False</c>, OpenRLHF <c>dr_grpo</c>.
/// </remarks>
public sealed record GroupMean : OutcomeAdvantage
{
    /// <summary>What a prompt with a single response gets. Default: 0.</summary>
    public LoneResponse Lone { get; init; }

    /// <inheritdoc/>
    public override string InWords => "reward minus the mean of its group";

    private protected override Expression Body(Expression reward) => GroupStatistics.Alone(Lone, reward, reward - Expression.Mean(Over.Group, reward));

    private protected override void PerResponse(RewardSignal signal, Span<double> advantages)
    {
        for (var g = 0; g < signal.Layout.Groups; g++)
        {
            int first = signal.Layout.GroupStarts[g], size = signal.Layout.GroupSize(g);
            var rewards = signal.Outcome.AsSpan(first, size);
            var mean = size == 1 && Lone == LoneResponse.Reward ? 0 : GroupStatistics.Mean(rewards);
            // Equal rewards give exactly 0: rounding in the mean must not turn a silent group into a whispering one.
            var silent = size > 1 && GroupStatistics.AllEqual(rewards);
            for (var i = 0; i < size; i++) advantages[first + i] = silent ? 0 : rewards[i] - mean;
        }
    }
}
