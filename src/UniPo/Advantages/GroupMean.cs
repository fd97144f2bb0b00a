namespace UniPo;

/// <summary>A_i = R_i − mean_g R: better or worse than the other answers to the same prompt.</summary>
/// <remarks>
/// Liu et al. 2025, "Understanding R1-Zero-like training" (Dr. GRPO), section 3; TRL <c>scale_rewards="none"</c>,
/// verl <c>norm_adv_by_std_in_grpo=False</c>, OpenRLHF <c>dr_grpo</c>.
/// </remarks>
public sealed record GroupMean : GroupAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "reward minus the mean of its group";

    private protected override Expression Body(Expression reward) =>
        GroupStatistics.Alone(Lone, reward, reward - Expression.Mean(Over.Group, reward));

    private protected override void Compare(ReadOnlySpan<double> rewards, GroupOfBatch group, Span<double> advantages)
    {
        var mean = GroupStatistics.Mean(rewards);
        for (var i = 0; i < rewards.Length; i++)
            advantages[i] = rewards[i] - mean;
    }
}
