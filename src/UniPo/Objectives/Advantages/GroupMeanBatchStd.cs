using UniPo.Numerics;

namespace UniPo;

/// <summary>A_i = (R_i − mean_g R) / (std of all rewards of the batch + ε): every prompt is scaled alike.</summary>
/// <remarks>
/// TRL <c>scale_rewards="batch"</c>; Liu et al. 2025, "Part I: tricks or traps?". The spread is that of the raw rewards, not of
/// the differences.
/// </remarks>
public sealed record GroupMeanBatchStd : GroupAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "reward minus the mean of its group, divided by the std of the batch";

    /// <summary>Subtracted from the number of responses in the divisor of the variance: 1 or 0. Default 1.</summary>
    public int Ddof
    {
        get;
        init => field = Require.That(value, value is 0 or 1, "GroupMeanBatchStd.Ddof", "be 0 or 1");
    } = 1;

    /// <summary>Added to the standard deviation, in units of reward; at least 0. Default 1e-4, TRL's.</summary>
    public double Epsilon
    {
        get;
        init => field = Require.NotNegative(value, "GroupMeanBatchStd.Epsilon");
    } = 1e-4;

    /// <inheritdoc/>
    protected override Expression Body(Expression reward)
    {
        var spread = GroupFormulas.Spread(Expression.Std(Over.Batch, reward, Ddof), Epsilon);
        return GroupFormulas.Alone(Lone, reward, (reward - Expression.Mean(Over.Group, reward)) / spread);
    }
}
