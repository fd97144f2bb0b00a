using UniPo.Numerics;

namespace UniPo;

/// <summary>CISPO: clip(r, lowest, highest) is a constant weight on A·log π, so every token keeps a gradient.</summary>
/// <remarks>
/// MiniMax 2025, "MiniMax-M1", section 3.1. Bounds are ratios, not distances from 1. The paper switches the lower bound off; ScaleRL uses
/// [0, 5]; TRL takes <c>epsilon_high</c> as the ratio, verl and SkyRL as a distance from 1 (verl's default is [0.8, 1.2]).
/// </remarks>
public sealed record CispoClip : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"the ratio, held in [{Lowest}, {Highest}], is a constant weight; every token keeps a gradient");

    /// <summary>Smallest weight, a ratio; at least 0. Default 0, which is no bound.</summary>
    public double Lowest { get; init => field = Require.NotNegative(value, "CispoClip.Lowest"); }

    /// <summary>Largest weight, a ratio; above 0. Default 5.</summary>
    public double Highest { get; init => field = Require.Positive(value, "CispoClip.Highest"); } = 5;

    /// <inheritdoc/>
    public override bool ThroughRatio => false;

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var weight = Math.Min(Math.Max(token.Ratio, Lowest), Highest);
        var side = token.Ratio > Highest ? ClipSide.High : token.Ratio < Lowest ? ClipSide.Low : ClipSide.None;
        return new TokenTerm(weight * token.Advantage * token.LogProb, weight * token.Advantage, side);
    }
}
