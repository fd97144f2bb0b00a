using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// A_i = (R_i − mean_g R) / (mean_g R + ε): rare successes count for more, as maximum likelihood of being right would have it.
/// </summary>
/// <remarks>SkyRL <c>maxrl</c>. Meant for rewards of 0 and 1, whose mean is the share of right answers.</remarks>
public sealed record MaxRl : GroupAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "reward minus the mean of its group, divided by that mean";

    /// <summary>Added to the mean, in units of reward; at least 0. Default 1e-6.</summary>
    public double Epsilon
    {
        get;
        init => field = Require.NotNegative(value, "MaxRl.Epsilon");
    } = 1e-6;

    /// <inheritdoc/>
    protected override Expression Body(Expression reward)
    {
        var mean = Expression.Mean(Over.Group, reward);
        return GroupFormulas.Alone(Lone, reward, (reward - mean) / GroupFormulas.Spread(mean, Epsilon));
    }
}
