using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// VESPO: A·log π weighted by φ(w) = exp(λ + k·ln w − λ·w), which is 1 at w = 1 and falls smoothly on both sides.
/// </summary>
/// <remarks>
/// TRL <c>loss_type="vespo"</c>. Use it with <see cref="SequenceProductRatio"/>: w is the ratio of the whole response.
/// </remarks>
public sealed record VespoWeight : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => "a smooth weight that is 1 at ratio 1 and falls on both sides";

    /// <summary>k for A ≥ 0; at least 0. Default 2.</summary>
    public double ShapePositive
    {
        get;
        init => field = Require.NotNegative(value, "VespoWeight.ShapePositive");
    } = 2;

    /// <summary>λ for A ≥ 0; at least 0. Default 3.</summary>
    public double RatePositive
    {
        get;
        init => field = Require.NotNegative(value, "VespoWeight.RatePositive");
    } = 3;

    /// <summary>k for A &lt; 0; at least 0. Default 3.</summary>
    public double ShapeNegative
    {
        get;
        init => field = Require.NotNegative(value, "VespoWeight.ShapeNegative");
    } = 3;

    /// <summary>λ for A &lt; 0; at least 0. Default 2.</summary>
    public double RateNegative
    {
        get;
        init => field = Require.NotNegative(value, "VespoWeight.RateNegative");
    } = 2;

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) =>
        Expression.StopGradient(Weight(token)) * token.Advantage * token.LogProb;

    private Expression Weight(TokenSymbols token)
    {
        Expression By(string letter, double positive, double negative, string meaning) =>
            Expression.Define(
                new(letter, "i"),
                Expression.Cases(
                    Expression.Relation(token.Advantage, "≥", 0),
                    Expression.Setting(letter + "_pos", positive, meaning + " for A ≥ 0"),
                    Expression.Setting(letter + "_neg", negative, meaning + " for A < 0")
                ),
                meaning
            );
        var (shape, rate) = (
            By("κ", ShapePositive, ShapeNegative, "shape of the weight"),
            By("ρ", RatePositive, RateNegative, "rate of the weight's fall")
        );
        return Expression.Define(
            new("φ", "i"),
            Expression.Exp(rate + shape * Expression.Log(token.Ratio) - rate * token.Ratio),
            "weight of the response: 1 where its ratio is 1, falling on both sides"
        );
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) =>
        [
            Sentence.Otherwise(
                $"The response's ratio {token.Ratio} gives the token the weight {Weight(token)}; the gradient flows through log π."
            ),
        ];
}
