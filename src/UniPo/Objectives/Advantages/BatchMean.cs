namespace UniPo;

/// <summary>
/// A_i = R_i − mean of all rewards of the batch: the simplest baseline that needs no second answer to the same prompt.
/// </summary>
/// <remarks>It lowers variance, but cannot tell a hard prompt from a bad answer.</remarks>
public sealed record BatchMean : OutcomeAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "reward minus the mean of the batch";

    /// <inheritdoc/>
    protected override Expression Body(Expression reward) => reward - Expression.Mean(Over.Batch, reward);
}
