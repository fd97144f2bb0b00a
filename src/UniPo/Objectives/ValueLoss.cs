using UniPo.Numerics;

namespace UniPo;

/// <summary>J loses c·½·max((V − R̂)², (clip(V, V_old ± range) − R̂)²) for every token: how the critic learns.</summary>
/// <remarks>Schulman et al. 2017, with the value clip of OpenAI's baselines; verl, OpenRLHF, TRL and oat all have it.</remarks>
public sealed record ValueLoss
{
    /// <summary>c, at least 0. Default 1; TRL's PPO uses 0.1.</summary>
    public double Coefficient { get; init => field = Require.NotNegative(value, "ValueLoss.Coefficient"); } = 1;

    /// <summary>V may move this far from the value at sampling, in units of reward; null for no bound. Default 0.2; verl and OpenRLHF use 0.5.</summary>
    public double? ClipRange { get; init => field = value is { } v ? Require.Positive(v, "ValueLoss.ClipRange") : null; } = 0.2;

    /// <summary>How squared errors are aggregated; null for the way of the policy term.</summary>
    public Aggregation? Aggregation { get; init; }

    /// <summary>The loss of one token before its coefficient, and its derivative with respect to V.</summary>
    /// <param name="value">V under the current critic.</param>
    /// <param name="old">V when the response was sampled.</param>
    /// <param name="target">R̂.</param>
    public (double Loss, double Slope, bool Clipped) At(double value, double old, double target)
    {
        var error = value - target;
        if (ClipRange is not { } range) return (error * error / 2, error, false);
        var moved = Math.Clamp(value, old - range, old + range) - target;
        return moved * moved > error * error
            ? (moved * moved / 2, 0, true) // the larger error is the clipped one, which no longer depends on V
            : (error * error / 2, error, false);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"squared error of the critic, times {Coefficient}{(ClipRange is { } r ? $", V clipped to ±{r} of its old value" : "")}{(Aggregation is null ? "" : $", {Aggregation}")}");

    internal Expression Formula(Aggregation policys, Expression target)
    {
        Expression now = Quantities.Value, old = Quantities.OldValue;
        var error = Expression.Power(now - target, 2);
        if (ClipRange is { } r)
        {
            var range = Expression.Setting(new("κ"), r, "how far the critic's estimate may move from its old value");
            error = Expression.Max(error, Expression.Power(Expression.Clip(now, old - range, old + range) - target, 2));
        }
        var loss = Expression.Define(new("L", "it", "V"), error / 2, "squared error of the critic");
        return Expression.Setting(new("c", "", "V"), Coefficient, "weight of the critic's loss") * (Aggregation ?? policys).Formula(loss);
    }
}
