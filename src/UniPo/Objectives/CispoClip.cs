using System.Runtime.Intrinsics;
using UniPo.Numerics;

namespace UniPo;

/// <summary>CISPO: clip(r, lowest, highest) is a constant weight on A·log π, so every token keeps a gradient.</summary>
/// <remarks>
/// MiniMax 2025, "MiniMax-M1", section 3.1. Bounds are ratios, not distances from 1. The paper switches the lower bound off;
/// ScaleRL uses [0, 5]; TRL takes <c>epsilon_high</c> as the ratio, verl and SkyRL as a distance from 1 (verl's default is [0.8,
/// 1.2]).
/// </remarks>
public sealed record CispoClip : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"the ratio, held in [{Lowest}, {Highest}], is a constant weight; every token keeps a gradient"
        );

    /// <summary>Smallest weight, a ratio; at least 0. Default 0, which is no bound.</summary>
    public double Lowest
    {
        get;
        init => field = Require.NotNegative(value, "CispoClip.Lowest");
    }

    /// <summary>Largest weight, a ratio; above 0. Default 5.</summary>
    public double Highest
    {
        get;
        init => field = Require.Positive(value, "CispoClip.Highest");
    } = 5;

    /// <inheritdoc/>
    public override bool ThroughRatio => false;

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var weight = Math.Min(Math.Max(token.Ratio, Lowest), Highest);
        var side =
            token.Ratio > Highest ? ClipSide.High
            : token.Ratio < Lowest ? ClipSide.Low
            : ClipSide.None;
        return new TokenTerm(weight * token.Advantage * token.LogProb, weight * token.Advantage, side);
    }

    internal override void Apply(in TokenSpans tokens, Span<double> values, Span<double> slopes, Span<ClipSide> sides)
    {
        var (lowest, highest) = (Vector256.Create(Lowest), Vector256.Create(Highest));
        var i = 0;
        for (; i <= values.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var ratio = Vector256.Create(tokens.Ratio[i..]);
            var weighted = Extremes.Min(Extremes.Max(ratio, lowest), highest) * Vector256.Create(tokens.Advantage[i..]);
            weighted.CopyTo(slopes[i..]);
            (weighted * Vector256.Create(tokens.LogProb[i..])).CopyTo(values[i..]);
            SideLanes.Write(
                Vector256.GreaterThan(ratio, highest) & SideLanes.High | Vector256.LessThan(ratio, lowest) & SideLanes.Low,
                sides[i..]
            );
        }
        base.Apply(tokens.From(i), values[i..], slopes[i..], sides[i..]);
    }

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        var highest = Expression.Setting(new("c", "", "high"), Highest, "largest weight, a ratio");
        var weight =
            Lowest == 0
                ? Expression.Min(token.Ratio, highest)
                : Expression.Clip(
                    token.Ratio,
                    Expression.Setting(new("c", "", "low"), Lowest, "smallest weight, a ratio"),
                    highest
                );
        return Expression.StopGradient(weight) * token.Advantage * token.LogProb;
    }

    internal override string Outcome(in TokenState token, in TokenTerm term) =>
        term.Side == ClipSide.None
            ? $"The ratio {NumberText.Rounded(token.Ratio)} is a constant weight; the gradient flows through log π and is {NumberText.Rounded(term.Slope)}."
            : $"The ratio {NumberText.Rounded(token.Ratio)} is cut to {NumberText.Rounded(term.Side == ClipSide.High ? Highest : Lowest)}; the token still learns, by {NumberText.Rounded(term.Slope)}.";
}
