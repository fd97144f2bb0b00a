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

    /// <inheritdoc/>
    protected override Expression Body(Expression reward)
    {
        var baseline =
            Expression.Sum(Over.GroupMembers, Quantities.Length * reward) / Expression.Sum(Over.GroupMembers, Quantities.Length);
        return GroupFormulas.Alone(
            Lone,
            reward,
            // Rounding in the weighted mean must not give a group of equal rewards a gradient.
            Expression.Cases(Expression.Relation(Over.Group.Std(reward), "=", 0), 0, reward - baseline)
        );
    }
}
