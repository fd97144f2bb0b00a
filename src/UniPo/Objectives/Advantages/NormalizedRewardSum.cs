using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// Several rewards, each turned into a z-score within the group, then summed: no reward drowns another by its scale.
/// </summary>
/// <remarks>
/// Liu et al. 2026, "GDPO"; TRL <c>multi_objective_aggregation="normalize_then_sum"</c>. z_ik = (R_ik − mean_g) / (std_g + ε),
/// A_i = Σ_k w_k z_ik; set <see cref="OutcomeAdvantage.Normalize"/> for the last step, which brings the sums of the batch to mean
/// 0 and spread 1. Without parts, the response's one reward is taken.
/// </remarks>
public sealed record NormalizedRewardSum : OutcomeAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "each reward as a z-score in its group, then summed";

    /// <summary>Added to each standard deviation, in units of that reward; at least 0. Default 1e-4.</summary>
    public double Epsilon
    {
        get;
        init => field = Require.NotNegative(value, "NormalizedRewardSum.Epsilon");
    } = 1e-4;

    /// <inheritdoc/>
    protected override Expression Body(Expression reward)
    {
        Expression part = Quantities.RewardPart;
        var spread = GroupFormulas.Spread(Expression.Std(Over.Group, part, 1), Epsilon);
        var score = (part - Expression.Mean(Over.Group, part)) / spread;
        return Expression.Sum(Over.RewardParts, Weights is null ? score : Quantities.RewardWeight * score);
    }

    internal override void Verify(RolloutBatch batch)
    {
        var parts = batch.Responses.Count == 0 ? 0 : batch.Responses[0].RewardParts.Count;
        for (var row = 0; row < batch.Responses.Count; row++)
            if (batch.Responses[row].RewardParts.Count != parts)
                throw new ArgumentException(
                    $"Every response needs the same number of reward parts: the first has {parts}, but response {row} has {batch.Responses[row].RewardParts.Count}."
                );
    }
}
