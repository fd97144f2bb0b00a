using UniPo.Numerics;

namespace UniPo;

/// <summary>GMPO: each token's log-ratio is clipped before the response's geometric mean is taken; the term is that mean times A.</summary>
/// <remarks>
/// Zhao et al. 2025, "Geometric-mean policy optimization", equation 4. Use it with <see cref="SequenceMeanRatio"/> and <see cref="SequenceMean"/>.
/// Bounds are nats, not distances from 1: 0.4 allows ratios from e^−0.4 to e^0.4. verl reuses its PPO settings without conversion.
/// </remarks>
public sealed record GmpoClip : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"log-ratios of {(WholeResponse ? "responses" : "tokens")} held in [−{Low}, {High}] before their mean is taken");

    /// <summary>Bounds on the log-ratio of a token.</summary>
    /// <param name="low">In nats, at least 0.</param>
    /// <param name="high">In nats, at least 0.</param>
    public GmpoClip(double low, double high) => (Low, High) = (low, high);

    /// <summary>The log-ratio of a token may fall to −Low, in nats; at least 0. The paper uses 0.4.</summary>
    public double Low { get; init => field = Require.NotNegative(value, "GmpoClip.Low"); }

    /// <summary>The log-ratio of a token may rise to High, in nats; at least 0. The paper uses 0.4.</summary>
    public double High { get; init => field = Require.NotNegative(value, "GmpoClip.High"); }

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var value = token.Ratio * token.Advantage;
        return new TokenTerm(value, value);
    }

    /// <summary>True when the bounds hold for the sum over a response instead of for each token (the authors' <c>seqclip</c> ablation). Default false.</summary>
    public bool WholeResponse { get; init; }

    internal override bool BoundsLogRatios => true;

    internal override void BoundLogRatios(int count, Span<double> log, ReadOnlySpan<double> advantages, Span<ClipSide> sides)
    {
        // The bounds of a whole response hold for its sum: each token gets an equal part of the bound.
        var sum = WholeResponse ? Masked.Sum(log) : 0;
        var share = WholeResponse ? count : 1;
        for (var i = 0; i < log.Length; i++)
        {
            var moved = WholeResponse ? sum : log[i];
            // Only moves in the direction the advantage wants are stopped; the way back stays open.
            if (advantages[i] > 0 && moved > High) (log[i], sides[i]) = (High / share, ClipSide.High);
            else if (advantages[i] < 0 && moved < -Low) (log[i], sides[i]) = (-Low / share, ClipSide.Low);
        }
    }

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) => token.Ratio * token.Advantage;

    internal override Expression LogRatioFormula(Expression logRatio, Expression advantage)
    {
        var d = Expression.Define(new("d", "it"), logRatio, "log of the token's ratio, in nats");
        var up = Expression.Min(d, Expression.Setting(new("ε", "", "high"), High, "how far a token's log-ratio may rise, in nats"));
        var down = Expression.Max(d, -Expression.Setting(new("ε", "", "low"), Low, "how far a token's log-ratio may fall, in nats"));
        var held = Expression.Cases(Expression.Relation(advantage, ">", 0), up, Expression.Cases(Expression.Relation(advantage, "<", 0), down, d));
        return Expression.Define(new("d", "it", "held"), held, "the same, held back only in the direction A wants");
    }

    internal override string Outcome(in TokenState token, in TokenTerm term) => term.Side switch
    {
        ClipSide.High => "The token's own log-ratio is above its bound and A > 0: it enters the mean as a constant, so the token gets no gradient.",
        ClipSide.Low => "The token's own log-ratio is below its bound and A < 0: it enters the mean as a constant, so the token gets no gradient.",
        _ => "The token's own log-ratio is within its bounds (or on the way back): it moves the response's ratio.",
    };
}
