using System.Runtime.Intrinsics;
using UniPo.Numerics;

namespace UniPo;

/// <summary>J loses c·½·max((V − R̂)², (clip(V, V_old ± range) − R̂)²) for every token: how the critic learns.</summary>
/// <remarks>Schulman et al. 2017, with the value clip of OpenAI's baselines; verl, OpenRLHF, TRL and oat all have it.</remarks>
public sealed record ValueLoss
{
    /// <summary>c, at least 0. Default 1; TRL's PPO uses 0.1.</summary>
    public double Coefficient
    {
        get;
        init => field = Require.NotNegative(value, "ValueLoss.Coefficient");
    } = 1;

    /// <summary>
    /// V may move this far from the value at sampling, in units of reward; null for no bound. Default 0.2; verl and OpenRLHF use
    /// 0.5.
    /// </summary>
    public double? ClipRange
    {
        get;
        init => field = value is { } v ? Require.Positive(v, "ValueLoss.ClipRange") : null;
    } = 0.2;

    /// <summary>How squared errors are aggregated; null for the way of the policy term.</summary>
    public Aggregation? Aggregation { get; init; }

    /// <summary>The loss of one token before its coefficient, and its derivative with respect to V, calculated from the formula.</summary>
    /// <param name="value">V under the current critic.</param>
    /// <param name="old">V when the response was sampled.</param>
    /// <param name="target">R̂.</param>
    public (double Loss, double Slope) At(double value, double old, double target)
    {
        var loss = Calculator.At(
            TokenFormula(target),
            new PointScope((Quantities.Value, new Dual(value, 1)), (Quantities.OldValue, old))
        );
        return (loss.Value, loss.Slope);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant(
            $"squared error of the critic, times {Coefficient}{(ClipRange is { } r ? FormattableString.Invariant($", V clipped to ±{r} of its old value") : "")}{(Aggregation is null ? "" : $", {Aggregation}")}"
        );

    internal Expression Formula(Aggregation policys, Expression target) =>
        Expression.Setting("c_V", Coefficient, "weight of the critic's loss")
        * (Aggregation ?? policys).Formula(TokenFormula(target));

    /// <summary>What J loses at a token, before its coefficient.</summary>
    internal Expression TokenFormula(Expression target)
    {
        Expression now = Quantities.Value,
            old = Quantities.OldValue;
        var error = Expression.Power(now - target, 2);
        if (ClipRange is { } r)
        {
            var range = Expression.Setting("κ", r, "how far the critic's estimate may move from its old value");
            error = Expression.Max(error, Expression.Power(Expression.Clip(now, old - range, old + range) - target, 2));
        }
        return Expression.Define(new("L", "it", "V"), error / 2, "squared error of the critic");
    }
}
