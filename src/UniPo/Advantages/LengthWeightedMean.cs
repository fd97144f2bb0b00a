namespace UniPo;

/// <summary>
/// A_i = R_i − Σ_j n_j·R_j / Σ_j n_j: the baseline that makes the gradient's variance smallest when long responses have large
/// gradients.
/// </summary>
/// <remarks>Hao et al. 2025, "On-policy RL with optimal reward baseline" (OPO), equation 5; verl <c>opo</c>.</remarks>
public sealed record LengthWeightedMean : GroupAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "reward minus the length-weighted mean of its group";

    private protected override void Compare(ReadOnlySpan<double> rewards, GroupOfBatch group, Span<double> advantages)
    {
        var lengths = group.Signal.Layout.ActiveInRow.Slice(group.First, group.Size);
        double weighted = 0,
            total = 0;
        for (var i = 0; i < rewards.Length; i++)
        {
            if (double.IsNaN(rewards[i]))
                continue;
            weighted += lengths[i] * rewards[i];
            total += lengths[i];
        }
        var baseline = total > 0 ? weighted / total : GroupStatistics.Mean(rewards);
        for (var i = 0; i < rewards.Length; i++)
            advantages[i] = rewards[i] - baseline;
    }

    private protected override Expression Body(Expression reward)
    {
        var baseline =
            Expression.Sum(Over.GroupMembers, Quantities.Length * reward) / Expression.Sum(Over.GroupMembers, Quantities.Length);
        return GroupStatistics.Alone(Lone, reward, reward - baseline);
    }
}
