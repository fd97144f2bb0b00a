using UniPo.Numerics;

namespace UniPo;

/// <summary>How far has the policy moved since the response was sampled? r = π_θ / π_old, per token or per response.</summary>
/// <remarks>
/// Everything is done on log-ratios d = log π_θ − log π_old, because exp(a)/exp(b) loses what exp(a − b) keeps.
/// A log-ratio beyond ±<see cref="Limit"/> is set to that limit, so that no ratio overflows; no gradient flows there.
/// </remarks>
public abstract record Ratio
{
    /// <summary>Largest absolute log-ratio, in nats: e^600 is still a finite double, and sums of it are, too.</summary>
    public const double Limit = 600;

    /// <summary>No ratio: the gradient of A·log π, which is right for fresh responses only.</summary>
    public static NoRatio None { get; } = new();

    /// <summary>One ratio for each token.</summary>
    public static TokenRatio Token { get; } = new();

    /// <summary>One ratio for each response: the geometric mean of its token ratios (GSPO).</summary>
    public static SequenceMeanRatio SequenceMean { get; } = new();

    /// <summary>One ratio for each response: the product of its token ratios.</summary>
    public static SequenceProductRatio SequenceProduct { get; } = new();

    /// <summary>The value of <see cref="SequenceMean"/> with a gradient of each token's own (GSPO-token).</summary>
    public static SequenceTokenRatio SequenceToken { get; } = new();

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The ratio in symbols, with a line of its own; null for none.</summary>
    /// <param name="logRatio">d_it = log π_θ − log π_old of a token, held in bounds where the trust region does so before
    /// pooling.</param>
    internal virtual Expression? Formula(Expression logRatio) =>
        throw new NotSupportedException($"{GetType().Name} has no formula.");

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>A log-ratio within a clamp; the limit that only keeps numbers finite is not worth writing.</summary>
    private protected static Expression Within(Expression log, double clamp) =>
        clamp >= Limit ? log : Expression.Clip(log, -clamp, clamp);

    private protected static string ClampInWords(double clamp) =>
        clamp >= Limit ? "" : FormattableString.Invariant($", log-ratio cut at ±{clamp}");

    /// <summary>Turns the token log-ratios d of one response into the log of the ratio that is used, token by token.</summary>
    /// <param name="count">Its active tokens, n_i.</param>
    /// <param name="log">[T_i] in: d, 0 where masked; out: log of the ratio of the token (or of its response).</param>
    internal abstract void Pool(int count, Span<double> log);

    /// <summary>Turns ∂J/∂(log ratio) into ∂J/∂log π: the chain rule backwards through <see cref="Pool"/>.</summary>
    /// <param name="count">Active tokens of the response, n_i.</param>
    /// <param name="ratio">[T_i] the ratio, exp of what <see cref="Pool"/> returned.</param>
    /// <param name="slope">[T_i] in: ∂J/∂(log ratio) of each token's term, 0 where masked; out: ∂J/∂log π of each token.</param>
    internal abstract void Spread(int count, ReadOnlySpan<double> ratio, Span<double> slope);

    /// <summary>Holds log-ratios within ±limit.</summary>
    private protected static void Clamp(Span<double> log, double limit) => DoubleKernels.Clamp(log, -limit, limit);

    /// <summary>A clamped log-ratio is constant: no gradient flows through it.</summary>
    private protected static void StopAtLimit(ReadOnlySpan<double> ratio, Span<double> slope, double limit)
    {
        StopBeyond(ratio, slope, -limit, limit);
    }

    /// <summary>The same with two bounds. A ratio within rounding of a bound is at the bound.</summary>
    private protected static void StopBeyond(ReadOnlySpan<double> ratio, Span<double> slope, double least, double most)
    {
        var (smallest, largest) = (Math.Exp(least) * (1 + Rounding), Math.Exp(most) * (1 - Rounding));
        if (DoubleKernels.AllWithin(ratio, Math.BitIncrement(smallest), Math.BitDecrement(largest)))
            return;
        for (var i = 0; i < ratio.Length; i++)
            if (ratio[i] >= largest || ratio[i] <= smallest)
                slope[i] = 0;
    }

    private const double Rounding = 1e-12;

    /// <summary>Checks a clamp on log-ratios, in nats.</summary>
    private protected static double CheckedClamp(double value, string name) =>
        Require.That(value, value is > 0 and <= Limit, name, $"lie in (0, {Limit}]");
}
