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

    /// <inheritdoc/>
    protected override Expression Body(Expression reward) =>
        GroupFormulas.Alone(Lone, reward, reward - Expression.Mean(Over.Group, reward));
}
