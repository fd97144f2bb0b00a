namespace UniPo;

/// <summary>
/// A_i = R_i − mean of the other responses' rewards = G/(G − 1)·(R_i − mean_g R): a baseline that does not contain R_i itself.
/// </summary>
/// <remarks>
/// Kool et al. 2019, "Buy 4 REINFORCE samples, get a baseline for free"; Ahmadian et al. 2024 (RLOO). Unbiased, unlike the group
/// mean.
/// </remarks>
public sealed record LeaveOneOut : GroupAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "reward minus the mean of the others in its group";

    private protected override void Compare(ReadOnlySpan<double> rewards, GroupOfBatch group, Span<double> advantages)
    {
        var (sum, count) = (GroupStatistics.Sum(rewards), GroupStatistics.Count(rewards));
        for (var i = 0; i < rewards.Length; i++)
            advantages[i] = count > 1 ? rewards[i] - (sum - rewards[i]) / (count - 1) : 0;
    }

    private protected override Expression Body(Expression reward) =>
        GroupStatistics.Alone(Lone, reward, reward - Expression.Mean(Over.Others, reward));
}
