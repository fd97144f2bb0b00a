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

    private protected override void PerResponse(RewardSignal signal, Span<double> advantages)
    {
        var parts = signal.Batch.Responses.Count == 0 ? 0 : signal.Batch.Responses[0].RewardParts.Count;
        advantages.Clear();
        for (var k = 0; k < Math.Max(parts, 1); k++)
        {
            double[] rewards =
                parts == 0 ? signal.Outcome : [.. signal.Batch.Responses.Select((r, row) => Part(r, k, parts, row))];
            for (var g = 0; g < signal.Layout.Groups; g++)
                Add(
                    rewards.AsSpan(signal.Layout.GroupStarts[g], signal.Layout.GroupSize(g)),
                    Weights?.Weight(k) ?? 1,
                    advantages[signal.Layout.GroupStarts[g]..]
                );
        }
    }

    private void Add(ReadOnlySpan<double> rewards, double weight, Span<double> advantages)
    {
        if (GroupStatistics.AllEqual(rewards))
            return;
        var (mean, scale) = (GroupStatistics.Mean(rewards), GroupStatistics.Std(rewards, ddof: 1) + Epsilon);
        for (var i = 0; i < rewards.Length; i++)
            if (!double.IsNaN(rewards[i]) && scale > 0)
                advantages[i] += weight * (rewards[i] - mean) / scale;
    }

    private static double Part(Response response, int k, int parts, int row) =>
        response.RewardParts.Count == parts
            ? response.RewardParts[k]
            : throw new ArgumentException(
                $"Every response needs the same number of reward parts: the first has {parts}, but response {row} has {response.RewardParts.Count}."
            );

    private protected override Expression Body(Expression reward)
    {
        Expression part = Quantities.RewardPart;
        var spread = GroupStatistics.Spread(Expression.Std(Over.Group, part, 1), Epsilon);
        var score = (part - Expression.Mean(Over.Group, part)) / spread;
        return Expression.Sum(Over.RewardParts, Weights is null ? score : Quantities.RewardWeight * score);
    }
}
