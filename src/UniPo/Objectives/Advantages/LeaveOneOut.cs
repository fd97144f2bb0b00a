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

    /// <inheritdoc/>
    protected override Expression Body(Expression reward) =>
        GroupFormulas.Alone(Lone, reward, reward - Expression.Mean(Over.Others, reward));
}
