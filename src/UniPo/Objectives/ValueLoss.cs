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

    /// <summary>The loss of one token before its coefficient, and its derivative with respect to V.</summary>
    /// <param name="value">V under the current critic.</param>
    /// <param name="old">V when the response was sampled.</param>
    /// <param name="target">R̂.</param>
    public (double Loss, double Slope, bool Clipped) At(double value, double old, double target)
    {
        var error = value - target;
        if (ClipRange is not { } range)
            return (error * error / 2, error, false);
        var moved = Math.Clamp(value, old - range, old + range) - target;
        return moved * moved > error * error
            ? (moved * moved / 2, 0, true) // the larger error is the clipped one, which no longer depends on V
            : (error * error / 2, error, false);
    }

    /// <summary>The losses of many tokens at once.</summary>
    /// <param name="value">[ΣT] V under the current critic.</param>
    /// <param name="old">[ΣT] V when the response was sampled.</param>
    /// <param name="target">[ΣT] R̂.</param>
    /// <param name="weights">[ΣT] in: the factor of each token, 0 where it is masked; out: ∂J/∂V.</param>
    /// <returns>What J loses, and on how many tokens the clip holds the value.</returns>
    internal (double Loss, int Held) Apply(
        ReadOnlySpan<double> value,
        ReadOnlySpan<double> old,
        ReadOnlySpan<double> target,
        Span<double> weights
    )
    {
        var (sum, held, range) = (Vector256<double>.Zero, Vector256<long>.Zero, Vector256.Create(ClipRange ?? double.MaxValue));
        var i = 0;
        for (; i <= weights.Length - Vector256<double>.Count; i += Vector256<double>.Count) // the same as At
        {
            Vector256<double> v = Vector256.Create(value[i..]),
                before = Vector256.Create(old[i..]),
                goal = Vector256.Create(target[i..]),
                factor = Vector256.Create<double>(weights[i..]);
            var (error, moved) = (v - goal, Extremes.Min(Extremes.Max(v, before - range), before + range) - goal);
            var counts = ~Vector256.Equals(factor, Vector256<double>.Zero);
            var clipped = Vector256.GreaterThan(moved * moved, error * error) & counts;
            held -= clipped.AsInt64(); // a lane that is true is −1
            sum += factor * Extremes.Max(moved * moved, error * error) & counts;
            (factor * error * Vector256.Create(-Coefficient) & counts & ~clipped).CopyTo(weights[i..]);
        }
        var (rest, more) = ApplyOneByOne(value[i..], old[i..], target[i..], weights[i..]);
        return (Coefficient * Vector256.Sum(sum) / 2 + rest, (int)Vector256.Sum(held) + more);
    }

    private (double Loss, int Held) ApplyOneByOne(
        ReadOnlySpan<double> value,
        ReadOnlySpan<double> old,
        ReadOnlySpan<double> target,
        Span<double> weights
    )
    {
        var (sum, held) = (0.0, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0)
                continue;
            var (loss, slope, clipped) = At(value[i], old[i], target[i]);
            if (clipped)
                held++;
            sum += Coefficient * weights[i] * loss;
            weights[i] *= -Coefficient * slope;
        }
        return (sum, held);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant(
            $"squared error of the critic, times {Coefficient}{(ClipRange is { } r ? $", V clipped to ±{r} of its old value" : "")}{(Aggregation is null ? "" : $", {Aggregation}")}"
        );

    internal Expression Formula(Aggregation policys, Expression target)
    {
        Expression now = Quantities.Value,
            old = Quantities.OldValue;
        var error = Expression.Power(now - target, 2);
        if (ClipRange is { } r)
        {
            var range = Expression.Setting(new("κ"), r, "how far the critic's estimate may move from its old value");
            error = Expression.Max(error, Expression.Power(Expression.Clip(now, old - range, old + range) - target, 2));
        }
        var loss = Expression.Define(new("L", "it", "V"), error / 2, "squared error of the critic");
        return Expression.Setting(new("c", "", "V"), Coefficient, "weight of the critic's loss")
            * (Aggregation ?? policys).Formula(loss);
    }
}
