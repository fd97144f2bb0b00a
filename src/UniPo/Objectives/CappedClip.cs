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
    /// <param name="low">In [0, 1).</param>
    /// <param name="high">At least 0.</param>
    /// <param name="cap">Above 0.</param>
    public CappedClip(double low, double high, double cap) => (Low, High, Cap) = (low, high, cap);

    /// <summary>The ratio may fall to 1 − Low; in [0, 1).</summary>
    public double Low
    {
        get;
        init => field = Require.That(value, value is >= 0 and < 1, "CappedClip.Low", "lie in [0, 1)");
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

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var (ratio, advantage) = (token.Ratio, token.Advantage);
        var capped = Math.Min(ratio, Cap) * advantage;
        var clipped = Math.Clamp(ratio, 1 - Low, 1 + High) * advantage;
        if (clipped < capped)
            return new TokenTerm(clipped, InsideClip(ratio) ? clipped : 0, InsideClip(ratio) ? ClipSide.None : Side(ratio));
        return new TokenTerm(capped, ratio <= Cap ? capped : 0, ratio <= Cap || advantage == 0 ? ClipSide.None : ClipSide.High);
    }

    private bool InsideClip(double ratio) => ratio >= 1 - Low && ratio <= 1 + High;

    private static ClipSide Side(double ratio) => ratio < 1 ? ClipSide.Low : ClipSide.High;

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        var cap = Expression.Setting(new("c"), Cap, "no ratio counts more than this");
        return Expression.Min(
            Expression.Min(token.Ratio, cap) * token.Advantage,
            Clip.Bounded(token.Ratio, Low, High) * token.Advantage
        );
    }

    internal override string Outcome(in TokenState token, in TokenTerm term) =>
        token.Ratio > Cap && term.Side == ClipSide.High && token.Advantage < 0
            ? $"r = {NumberText.Rounded(token.Ratio)} is above the cap {NumberText.Rounded(Cap)}: the term is held there and has no gradient."
            : Clip.Outcome(token, 1 - Low, 1 + High);
}
