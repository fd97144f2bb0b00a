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

    /// <summary>The estimate for one token.</summary>
    /// <param name="u">log π_θ − log π_ref, in nats.</param>
    /// <returns>k in nats, and its derivative with respect to log π_θ.</returns>
    public (double Value, double Slope) At(double u)
    {
        var clamped = Math.Clamp(u, -LogRatioClamp, LogRatioClamp);
        var (value, slope) = Formula(clamped);
        if (clamped != u)
            slope = 0;
        if (ValueClamp is { } limit && Math.Abs(value) > limit)
            (value, slope) = (Math.CopySign(limit, value), 0);
        return (value, GradientOfK2 ? u : slope);
    }

    /// <summary>The estimates for many tokens.</summary>
    /// <param name="u">In: log π_θ − log π_ref of each token; out: k.</param>
    /// <param name="slopes">Receives the derivative of each k.</param>
    internal virtual void Estimate(Span<double> u, Span<double> slopes)
    {
        for (var i = 0; i < u.Length; i++)
            (u[i], slopes[i]) = At(u[i]);
    }

    /// <summary>The estimates for many tokens, without their derivatives.</summary>
    /// <param name="u">In: log π_old − log π_ref of each token; out: k.</param>
    internal void Estimate(Span<double> u)
    {
        Span<double> slopes = stackalloc double[256];
        for (var from = 0; from < u.Length; from += slopes.Length)
        {
            var part = u.Slice(from, Math.Min(slopes.Length, u.Length - from));
            Estimate(part, slopes[..part.Length]);
        }
    }

    /// <summary>Its name: k1, k2, k3.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The estimate in symbols, from the letter of u = log π_θ − log π_ref.</summary>
    internal Expression Formula(Expression u)
    {
        var clamped = LogRatioClamp >= Ratio.Limit ? u : Expression.Clip(u, -LogRatioClamp, LogRatioClamp);
        var k = Body(clamped);
        if (ValueClamp is { } limit)
            k = Expression.Clip(k, -limit, limit);
        if (!GradientOfK2)
            return k;
        var k2 = Expression.Power(u, 2) / 2;
        return Expression.StopGradient(k) + k2 - Expression.StopGradient(k2);
    }

    private protected virtual Expression Body(Expression u) =>
        throw new NotSupportedException($"{GetType().Name} has no formula.");

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    private protected abstract (double Value, double Slope) Formula(double u);
}

/// <summary>
/// k1 = u: unbiased, noisy, may be negative. Its gradient is 1 whatever the policy is, so it belongs into the reward, not the
/// loss.
/// </summary>
public sealed record K1Estimator : KlEstimator
{
    /// <inheritdoc/>
    public override string InWords => "k1";

    private protected override Expression Body(Expression u) => u;

    internal override void Estimate(Span<double> u, Span<double> slopes)
    {
        if (ValueClamp is null && !GradientOfK2 && DoubleKernels.AllWithin(u, -LogRatioClamp, LogRatioClamp))
            slopes.Fill(1);
        else
            base.Estimate(u, slopes);
    }

    private protected override (double Value, double Slope) Formula(double u) => (u, 1);
}

/// <summary>k2 = u²/2, with gradient u.</summary>
public sealed record K2Estimator : KlEstimator
{
    /// <inheritdoc/>
    public override string InWords => "k2";

    private protected override Expression Body(Expression u) => Expression.Power(u, 2) / 2;

    private protected override (double Value, double Slope) Formula(double u) => (u * u / 2, u);
}

/// <summary>k3 = e^(−u) + u − 1, with gradient 1 − e^(−u).</summary>
public sealed record K3Estimator : KlEstimator
{
    /// <inheritdoc/>
    public override string InWords => "k3";

    private protected override Expression Body(Expression u) => Expression.Exp(-u) + u - 1;

    // expm1 would keep a few more digits near u = 0; the textbook form is what the trainers compute.
    private protected override (double Value, double Slope) Formula(double u)
    {
        var inverse = Math.Exp(-u);
        return (inverse + u - 1, 1 - inverse);
    }

    internal override void Estimate(Span<double> u, Span<double> slopes)
    {
        if (ValueClamp is not null || GradientOfK2 || !DoubleKernels.AllWithin(u, -LogRatioClamp, LogRatioClamp))
        {
            base.Estimate(u, slopes);
            return;
        }
        u.CopyTo(slopes);
        DoubleKernels.Scale(slopes, -1);
        Exponential.Apply(slopes);
        DoubleKernels.Add(u, slopes, u);
        DoubleKernels.ShiftAndScale(u, 1, 1);
        DoubleKernels.ShiftAndScale(slopes, 1, -1);
    }
}

/// <summary>|u|, with gradient ±1.</summary>
public sealed record AbsoluteEstimator : KlEstimator
{
    /// <inheritdoc/>
    public override string InWords => "|u|";

    private protected override Expression Body(Expression u) => Expression.Abs(u);

    private protected override (double Value, double Slope) Formula(double u) => (Math.Abs(u), Math.Sign(u));
}
