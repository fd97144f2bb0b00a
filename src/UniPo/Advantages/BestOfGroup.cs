using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// Only the best response of a group gets an advantage: R_best − R_second, divided by the group's spread if wanted.
/// </summary>
/// <remarks>Optimises the best of k tries instead of the average one; verl <c>grpo_passk</c>.</remarks>
public sealed record BestOfGroup : GroupAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "only the best of a group: its lead over the second";

    /// <summary>True to divide by std_g + ε. Default true.</summary>
    public bool DivideByStd { get; init; } = true;

    /// <summary>Added to the standard deviation, in units of reward; at least 0. Default 1e-6.</summary>
    public double Epsilon
    {
        get;
        init => field = Require.NotNegative(value, "BestOfGroup.Epsilon");
    } = 1e-6;

    private protected override void Compare(ReadOnlySpan<double> rewards, GroupOfBatch group, Span<double> advantages)
    {
        var best = 0;
        for (var i = 1; i < rewards.Length; i++)
            if (rewards[i] > rewards[best] || double.IsNaN(rewards[best]))
                best = i;
        var second = double.NegativeInfinity;
        for (var i = 0; i < rewards.Length; i++)
            if (i != best && rewards[i] > second)
                second = rewards[i];
        advantages.Clear();
        if (double.IsInfinity(second))
            return;
        var scale = DivideByStd ? GroupStatistics.Std(rewards, ddof: 1) + Epsilon : 1;
        advantages[best] = scale > 0 ? (rewards[best] - second) / scale : 0;
    }

    private protected override Expression Body(Expression reward)
    {
        var lead = Expression.Max(reward - Expression.Largest(Over.Others, reward), 0);
        if (!DivideByStd)
            return GroupStatistics.Alone(Lone, reward, lead);
        return GroupStatistics.Alone(Lone, reward, lead / GroupStatistics.Spread(Expression.Std(Over.Group, reward, 1), Epsilon));
    }
}
