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

    /// <inheritdoc/>
    protected override Expression Body(Expression reward)
    {
        var lead = Expression.Max(reward - Expression.Largest(Over.Others, reward), 0);
        if (!DivideByStd)
            return GroupFormulas.Alone(Lone, reward, lead);
        return GroupFormulas.Alone(Lone, reward, lead / GroupFormulas.Spread(Expression.Std(Over.Group, reward, 1), Epsilon));
    }
}
