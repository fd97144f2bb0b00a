using System.Runtime.Intrinsics;
using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// GMPO: each token's log-ratio is clipped before the response's geometric mean is taken; the term is that mean times A.
/// </summary>
/// <remarks>
/// Zhao et al. 2025, "Geometric-mean policy optimization", equation 4. Use it with <see cref="SequenceMeanRatio"/> and
/// <see cref="SequenceMean"/>. Bounds are nats, not distances from 1: 0.4 allows ratios from e^−0.4 to e^0.4. verl reuses its PPO
/// settings without conversion.
/// </remarks>
public sealed record GmpoClip : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"log-ratios of {(WholeResponse ? "responses" : "tokens")} held in [−{Low}, {High}] before their mean is taken"
        );

    /// <summary>Bounds on the log-ratio of a token.</summary>
    /// <param name="low">In nats, at least 0.</param>
    /// <param name="high">In nats, at least 0.</param>
    public GmpoClip(double low, double high) => (Low, High) = (low, high);

    /// <summary>The log-ratio of a token may fall to −Low, in nats; at least 0. The paper uses 0.4.</summary>
    public double Low
    {
        get;
        init => field = Require.NotNegative(value, "GmpoClip.Low");
    }

    /// <summary>The log-ratio of a token may rise to High, in nats; at least 0. The paper uses 0.4.</summary>
    public double High
    {
        get;
        init => field = Require.NotNegative(value, "GmpoClip.High");
    }

    /// <summary>
    /// True when the bounds hold for the sum over a response instead of for each token (the authors' <c>seqclip</c> ablation).
    /// Default false.
    /// </summary>
    public bool WholeResponse { get; init; }

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) => token.Ratio * token.Advantage;

    internal override Expression LogRatioFormula(Expression logRatio, Expression advantage)
    {
        var d = WholeResponse
            ? Expression.Define(new("d", "i"), Moved(logRatio), "log of the response's ratio, in nats")
            : Expression.Define(new("d", "it"), logRatio, "log of the token's ratio, in nats");
        var up = Expression.Min(d, HighSymbol);
        var down = Expression.Max(d, -LowSymbol);
        var held = Expression.Cases(
            Expression.Relation(advantage, ">", 0),
            up,
            Expression.Cases(Expression.Relation(advantage, "<", 0), down, d)
        );
        return Expression.Define(
            new("d", "it", "held"),
            WholeResponse ? held / Quantities.Length : held,
            WholeResponse
                ? "the token's part of it, held back only in the direction A wants"
                : "the same, held back only in the direction A wants"
        );
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token)
    {
        var moved = Moved((Expression)Quantities.LogProb - Quantities.OldLogProb);
        return
        [
            Sentence.If(
                (token.Advantage > 0) * (moved > HighSymbol),
                $"The token's own log-ratio is above its bound and A > 0: it enters the mean as a constant, so the token gets no gradient."
            ),
            Sentence.If(
                (token.Advantage < 0) * (moved < -LowSymbol),
                $"The token's own log-ratio is below its bound and A < 0: it enters the mean as a constant, so the token gets no gradient."
            ),
            Sentence.Otherwise(
                $"The token's own log-ratio is within its bounds (or on the way back): it moves the response's ratio."
            ),
        ];
    }

    private Expression HighSymbol => Expression.Setting("ε_high", High, "how far a token's log-ratio may rise, in nats");

    private Expression LowSymbol => Expression.Setting("ε_low", Low, "how far a token's log-ratio may fall, in nats");

    // The bounds of a whole response hold for its sum; each token has an equal part of it.
    private Expression Moved(Expression logRatio) => WholeResponse ? Over.Tokens.Sum(logRatio) : logRatio;
}
