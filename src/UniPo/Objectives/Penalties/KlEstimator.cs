using UniPo.Formulas;
using UniPo.Numerics;

namespace UniPo;

/// <summary>An estimate of KL(π_θ ‖ π_ref) from sampled tokens alone, as a function of u = log π_θ − log π_ref.</summary>
/// <remarks>Schulman 2020, "Approximating KL divergence". Clamps: nats.</remarks>
public abstract record KlEstimator
{
    /// <summary>k1 = u: unbiased, noisy, may be negative.</summary>
    public static K1Estimator K1 { get; } = new();

    /// <summary>k2 = u²/2: never negative, its gradient is that of the true KL on fresh responses.</summary>
    public static K2Estimator K2 { get; } = new();

    /// <summary>k3 = e^(−u) + u − 1: unbiased and never negative.</summary>
    public static K3Estimator K3 { get; } = new();

    /// <summary>|u|.</summary>
    public static AbsoluteEstimator Absolute { get; } = new();

    /// <summary>u is cut to ± this many nats first, and gets no gradient beyond; &gt; 0. Default 600.</summary>
    public double LogRatioClamp
    {
        get;
        init => field = Require.That(value, value is > 0 and <= Ratio.Limit, "KlEstimator.LogRatioClamp", "lie in (0, 600]");
    } = Ratio.Limit;

    /// <summary>k is cut to ± this many nats, and gets no gradient beyond; null for no cut.</summary>
    public double? ValueClamp
    {
        get;
        init => field = value is { } v ? Require.Positive(v, "KlEstimator.ValueClamp") : null;
    }

    /// <summary>True to report this estimator's value but use the gradient of k2 (verl's suffix <c>+</c>).</summary>
    public bool GradientOfK2 { get; init; }

    /// <summary>An estimator of one's own: <c>KlEstimator.Of("k4", u => Expression.Power(u, 4))</c>.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="formula">The estimate in nats, from u = log π_θ − log π_ref of a token.</param>
    /// <exception cref="FormulaException">The formula cannot be calculated.</exception>
    public static KlEstimator Of(string name, Func<Expression, Expression> formula)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var template = FormulaChecks.Verify(
            $"The KL estimator \"{name}\"",
            formula(Blanks.Distance),
            Level.Token,
            (Blanks.Distance, Level.Token)
        );
        return new WrittenEstimator(name, template);
    }

    /// <summary>The estimate for one token.</summary>
    /// <param name="u">log π_θ − log π_ref, in nats.</param>
    /// <returns>k in nats, and its derivative with respect to log π_θ.</returns>
    public (double Value, double Slope) At(double u)
    {
        var k = Calculator.At(Formula(Blanks.Distance), new PointScope((Blanks.Distance, new Dual(u, 1))));
        return (k.Value, k.Slope);
    }

    /// <summary>Its name: k1, k2, k3.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The estimate in symbols, clamps included.</summary>
    /// <param name="u">The letter of u = log π_θ − log π_ref.</param>
    public Expression Formula(Expression u)
    {
        var clamped = LogRatioClamp >= Ratio.Limit ? u : Expression.Guard(u, -LogRatioClamp, LogRatioClamp);
        var k = Body(clamped);
        if (ValueClamp is { } limit)
            k = Expression.Guard(k, -limit, limit);
        if (!GradientOfK2)
            return k;
        var k2 = Expression.Power(u, 2) / 2;
        return Expression.StopGradient(k) + k2 - Expression.StopGradient(k2);
    }

    /// <summary>The estimate before clamps.</summary>
    /// <param name="u">The letter of u, held in ± <see cref="LogRatioClamp"/>.</param>
    protected abstract Expression Body(Expression u);

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;
}

/// <summary>An estimator that somebody wrote as a formula.</summary>
internal sealed record WrittenEstimator(string Name, Template Template) : KlEstimator
{
    public override string InWords => Name;

    protected override Expression Body(Expression u) => Template.Fill((Blanks.Distance, u));
}

/// <summary>
/// k1 = u: unbiased, noisy, may be negative. Its gradient is 1 whatever the policy is, so it belongs into the reward, not the
/// loss.
/// </summary>
public sealed record K1Estimator : KlEstimator
{
    /// <inheritdoc/>
    public override string InWords => "k1";

    /// <inheritdoc/>
    protected override Expression Body(Expression u) => u;
}

/// <summary>k2 = u²/2, with gradient u.</summary>
public sealed record K2Estimator : KlEstimator
{
    /// <inheritdoc/>
    public override string InWords => "k2";

    /// <inheritdoc/>
    protected override Expression Body(Expression u) => Expression.Power(u, 2) / 2;
}

/// <summary>k3 = e^(−u) + u − 1, with gradient 1 − e^(−u).</summary>
public sealed record K3Estimator : KlEstimator
{
    /// <inheritdoc/>
    public override string InWords => "k3";

    /// <inheritdoc/>
    protected override Expression Body(Expression u) => Expression.Exp(-u) + u - 1;
}

/// <summary>|u|, with gradient ±1.</summary>
public sealed record AbsoluteEstimator : KlEstimator
{
    /// <inheritdoc/>
    public override string InWords => "|u|";

    /// <inheritdoc/>
    protected override Expression Body(Expression u) => Expression.Abs(u);
}
