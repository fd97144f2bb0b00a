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

    private Expression MostSymbol => Expression.Setting("c_high", Highest, "largest weight, a ratio");

    private Expression LeastSymbol => Lowest == 0 ? 0 : Expression.Setting("c_low", Lowest, "smallest weight, a ratio");

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        Bounds.Ordered(Lowest, Highest, "CispoClip.Lowest", "CispoClip.Highest");
        var weight =
            Lowest == 0 ? Expression.Min(token.Ratio, MostSymbol) : Expression.Clip(token.Ratio, LeastSymbol, MostSymbol);
        return Expression.StopGradient(weight) * token.Advantage * token.LogProb;
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) =>
        [
            Sentence.If(
                token.Ratio > MostSymbol,
                $"The ratio {token.Ratio} is cut to {MostSymbol}; the token still learns, by {MostSymbol * token.Advantage}."
            ),
            Sentence.If(
                token.Ratio < LeastSymbol,
                $"The ratio {token.Ratio} is cut to {LeastSymbol}; the token still learns, by {LeastSymbol * token.Advantage}."
            ),
            Sentence.Otherwise(
                $"The ratio {token.Ratio} is a constant weight; the gradient flows through log π and is {token.Ratio * token.Advantage}."
            ),
        ];
}
