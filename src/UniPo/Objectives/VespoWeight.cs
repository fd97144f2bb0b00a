using UniPo.Numerics;

namespace UniPo;

/// <summary>VESPO: A·log π weighted by φ(w) = exp(λ + k·ln w − λ·w), which is 1 at w = 1 and falls smoothly on both sides.</summary>
/// <remarks>TRL <c>loss_type="vespo"</c>. Use it with <see cref="SequenceProductRatio"/>: w is the ratio of the whole response.</remarks>
public sealed record VespoWeight : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => "a smooth weight that is 1 at ratio 1 and falls on both sides";

    /// <summary>k for A ≥ 0; at least 0. Default 2.</summary>
    public double ShapePositive { get; init => field = Require.NotNegative(value, "VespoWeight.ShapePositive"); } = 2;

    /// <summary>λ for A ≥ 0; at least 0. Default 3.</summary>
    public double RatePositive { get; init => field = Require.NotNegative(value, "VespoWeight.RatePositive"); } = 3;

    /// <summary>k for A &lt; 0; at least 0. Default 3.</summary>
    public double ShapeNegative { get; init => field = Require.NotNegative(value, "VespoWeight.ShapeNegative"); } = 3;

    /// <summary>λ for A &lt; 0; at least 0. Default 2.</summary>
    public double RateNegative { get; init => field = Require.NotNegative(value, "VespoWeight.RateNegative"); } = 2;

    /// <inheritdoc/>
    public override bool ThroughRatio => false;

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var (shape, rate) = token.Advantage >= 0 ? (ShapePositive, RatePositive) : (ShapeNegative, RateNegative);
        var weight = Math.Exp(rate + shape * Math.Log(token.Ratio) - rate * token.Ratio);
        return new TokenTerm(weight * token.Advantage * token.LogProb, weight * token.Advantage);
    }
}
