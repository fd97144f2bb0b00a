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
    public override bool ThroughRatio => !Detached;

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        if (MovedTooFar(token))
            return new TokenTerm(0, 0, token.Advantage > 0 ? ClipSide.High : ClipSide.Low);
        var weighted = Math.Min(token.Ratio, Cap) * token.Advantage;
        if (Detached)
            return new TokenTerm(weighted * token.LogProb, weighted);
        return new TokenTerm(weighted, token.Ratio <= Cap ? weighted : 0);
    }

    private bool MovedTooFar(in TokenState token)
    {
        var (now, old) = (Math.Exp(token.LogProb), Math.Exp(token.OldLogProb));
        if (token.Advantage == 0 || now > old != token.Advantage > 0 || now == old)
            return false; // moving back is always allowed
        var moved = Divergence == TokenDivergence.TotalVariation ? Math.Abs(now - old) : BinaryKl(old, now);
        return moved > (token.Advantage > 0 ? High : Low);
    }

    private static double BinaryKl(double p, double q)
    {
        // A probability of exactly 1 leaves nothing for the other side of the coin.
        const double least = 1e-12;
        var (a, b) = (Math.Clamp(p, least, 1 - least), Math.Clamp(q, least, 1 - least));
        return a * Math.Log(a / b) + (1 - a) * Math.Log((1 - a) / (1 - b));
    }

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
            : Expression.Min(token.Ratio, Expression.Setting(new("c"), Cap, "largest weight, a ratio"));
        return Detached
            ? kept * Expression.StopGradient(ratio) * token.Advantage * token.LogProb
            : kept * ratio * token.Advantage;
    }

    private Expression Kept(TokenSymbols token)
    {
        var now = Expression.Define(new("p", "it"), Expression.Exp(token.LogProb), "probability of the token now");
        var old = Expression.Define(
            new("p", "it", "old"),
            Expression.Exp(token.OldLogProb),
            "probability of the token at sampling"
        );
        var high = Expression.Setting(new("ε", "", "high"), High, "allowed rise for A > 0");
        var low = Expression.Setting(new("ε", "", "low"), Low, "allowed fall for A < 0");
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

    internal override string Outcome(in TokenState token, in TokenTerm term) =>
        term.Side == ClipSide.None
            ? $"The probability went from {NumberText.Rounded(Math.Exp(token.OldLogProb))} to {NumberText.Rounded(Math.Exp(token.LogProb))}: near enough, or the way back; the token stays in."
            : $"The probability went from {NumberText.Rounded(Math.Exp(token.OldLogProb))} to {NumberText.Rounded(Math.Exp(token.LogProb))}: too far in the direction A wants, so the token is taken out.";
}
