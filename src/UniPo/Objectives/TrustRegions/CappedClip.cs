using UniPo.Numerics;

namespace UniPo;

/// <summary>PPO's clip on a ratio that was capped first: min(min(r, δ)·A, clip(r, 1 − low, 1 + high)·A).</summary>
/// <remarks>
/// Prime Intellect 2025, "INTELLECT-2", section 3; TRL <c>delta</c>. For δ &gt; 1 + high it equals <see cref="DualClip"/> with c
/// = δ; a smaller δ also stops good tokens earlier.
/// </remarks>
public sealed record CappedClip : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"clip to [{1 - Low:0.######}, {1 + High:0.######}] of a ratio capped at {Cap}");

    /// <summary>Bounds below and above the ratio 1, and the cap.</summary>
    /// <param name="low">In [0, 1]; 1 for no lower bound.</param>
    /// <param name="high">At least 0.</param>
    /// <param name="cap">Above 0.</param>
    public CappedClip(double low, double high, double cap)
    {
        (Low, High, Cap) = (low, high, cap);
        Bounds.Distances(low, high, "CappedClip");
    }

    /// <summary>The ratio may fall to 1 − Low; in [0, 1]; 1 is no lower bound.</summary>
    public double Low
    {
        get;
        init => field = Bounds.Below(value, "CappedClip.Low");
    }

    /// <summary>The ratio may rise to 1 + High; at least 0.</summary>
    public double High
    {
        get;
        init => field = Require.NotNegative(value, "CappedClip.High");
    }

    /// <summary>δ: no ratio counts more than this; above 0.</summary>
    public double Cap
    {
        get;
        init => field = Require.Positive(value, "CappedClip.Cap");
    }

    private Expression CapSymbol => Expression.Setting("c", Cap, "no ratio counts more than this");

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        return Expression.Min(
            Expression.Min(token.Ratio, CapSymbol) * token.Advantage,
            Clip.Bounded(token.Ratio, Low, High) * token.Advantage
        );
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) =>
        [
            Sentence.If(
                (token.Advantage < 0) * (token.Ratio > Expression.Max(CapSymbol, Clip.Highest(Low, High))),
                $"r = {token.Ratio} is above the cap {CapSymbol}: the term is held there and has no gradient."
            ),
            .. Clip.Cases(token, Clip.Lowest(Low, High), Expression.Min(Clip.Highest(Low, High), CapSymbol)),
        ];
}
