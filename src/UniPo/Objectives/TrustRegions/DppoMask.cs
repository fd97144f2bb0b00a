using UniPo.Numerics;

namespace UniPo;

/// <summary>How DPPO measures that a token's probability has moved.</summary>
public enum TokenDivergence
{
    /// <summary>π_θ − π_old, in probability.</summary>
    TotalVariation,

    /// <summary>KL between the two coins "this token or another one", in nats.</summary>
    BinaryKl,
}

/// <summary>
/// DPPO: a token is dropped when its probability, not its ratio, has moved too far in the direction its advantage wants.
/// </summary>
/// <remarks>
/// Qi et al. 2026, "Rethinking the trust region in LLM reinforcement learning"; verl <c>dppo_tv</c> and <c>dppo_kl</c>, SkyRL
/// <c>dppo</c>.
/// A ratio of 3 means little for a token of probability 0.001 and much for one of 0.3; a divergence sees that.
/// </remarks>
public sealed record DppoMask : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"a token is dropped when its {(Divergence == TokenDivergence.TotalVariation ? "probability" : "binary KL")} moved by more than {Low} down or {High} up"
        );

    /// <summary>What is measured. Default: total variation.</summary>
    public TokenDivergence Divergence { get; init; }

    /// <summary>Allowed fall for A &lt; 0; above 0. Default 0.15 (use 0.05 for the KL).</summary>
    public double Low
    {
        get;
        init => field = Require.Positive(value, "DppoMask.Low");
    } = 0.15;

    /// <summary>Allowed rise for A &gt; 0; above 0. Default 0.15 (use 0.05 for the KL).</summary>
    public double High
    {
        get;
        init => field = Require.Positive(value, "DppoMask.High");
    } = 0.15;

    /// <summary>Largest weight, a ratio; above 0, infinite for no cap. Default 20.</summary>
    public double Cap
    {
        get;
        init => field = Require.That(value, value > 0, "DppoMask.Cap", "be above 0");
    } = 20;

    /// <summary>
    /// True to take the ratio as a constant weight on A·log π (verl); false to let the gradient flow through it (SkyRL). Default
    /// true.
    /// </summary>
    public bool Detached { get; init; } = true;

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        var kept = Expression.Define(
            new("m", "it"),
            Kept(token),
            "1, but 0 where the token's probability has moved too far in the direction A wants"
        );
        var ratio = double.IsInfinity(Cap)
            ? token.Ratio
            : Expression.Capped(token.Ratio, Expression.Setting("c", Cap, "largest weight, a ratio"));
        return Detached
            ? kept * Expression.StopGradient(ratio) * token.Advantage * token.LogProb
            : kept * ratio * token.Advantage;
    }

    // A probability of exactly 1 leaves nothing for the other side of the coin, whose logarithm is taken.
    private Expression Probability(Expression logProb) =>
        Divergence == TokenDivergence.BinaryKl
            ? Expression.Guard(Expression.Exp(logProb), 1e-12, 1 - 1e-12)
            : Expression.Exp(logProb);

    private Expression Kept(TokenSymbols token)
    {
        var now = Expression.Define(new("p", "it"), Probability(token.LogProb), "probability of the token now");
        var old = Expression.Define(new("p", "it", "old"), Probability(token.OldLogProb), "probability of the token at sampling");
        var high = Expression.Setting("ε_high", High, "allowed rise for A > 0");
        var low = Expression.Setting("ε_low", Low, "allowed fall for A < 0");
        var (rise, fall) = (now - old, old - now);
        if (Divergence == TokenDivergence.BinaryKl)
        {
            var body = old * Expression.Log(old / now) + (1 - old) * Expression.Log((1 - old) / (1 - now));
            var distance = Expression.Define(
                new("D", "it"),
                body,
                "KL between the coins \"this token or another\" then and now, in nats"
            );
            (rise, fall) = (
                Expression.Indicator(Expression.Relation(now, ">", old)) * distance,
                Expression.Indicator(Expression.Relation(now, "<", old)) * distance
            );
        }
        return Expression.Cases(
            Expression.Relation(token.Advantage, ">", 0),
            Expression.Indicator(Expression.Relation(rise, "≤", high)),
            Expression.Indicator(Expression.Relation(fall, "≤", low))
        );
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token)
    {
        var (old, now) = (Expression.Exp(token.OldLogProb), Expression.Exp(token.LogProb));
        return
        [
            Sentence.If(
                Expression.Relation(Kept(token), "=", 0),
                $"The probability went from {old} to {now}: too far in the direction A wants, so the token is taken out."
            ),
            Sentence.Otherwise($"The probability went from {old} to {now}: near enough, or the way back; the token stays in."),
        ];
    }
}
