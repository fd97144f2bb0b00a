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

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var value = token.Ratio * token.Advantage;
        return new TokenTerm(value, value);
    }

    /// <summary>
    /// True when the bounds hold for the sum over a response instead of for each token (the authors' <c>seqclip</c> ablation).
    /// Default false.
    /// </summary>
    public bool WholeResponse { get; init; }

    internal override bool BoundsLogRatios => true;

    internal override void BoundLogRatios(int count, Span<double> log, ReadOnlySpan<double> advantages, Span<ClipSide> sides)
    {
        if (WholeResponse)
            BoundSum(count, log, advantages, sides);
        else
            BoundTokens(log, advantages, sides);
    }

    // Only moves in the direction the advantage wants are stopped; the way back stays open.
    private void BoundTokens(Span<double> log, ReadOnlySpan<double> advantages, Span<ClipSide> sides)
    {
        var (low, high) = (Vector256.Create(-Low), Vector256.Create(High));
        var i = 0;
        for (; i <= log.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var (moved, advantage) = (Vector256.Create<double>(log[i..]), Vector256.Create(advantages[i..]));
            var (above, below) = (
                Vector256.GreaterThan(moved, high) & Vector256.GreaterThan(advantage, Vector256<double>.Zero),
                Vector256.LessThan(moved, low) & Vector256.LessThan(advantage, Vector256<double>.Zero)
            );
            Vector256.ConditionalSelect(above, high, Vector256.ConditionalSelect(below, low, moved)).CopyTo(log[i..]);
            SideLanes.Write(above & SideLanes.High | below & SideLanes.Low, sides[i..]);
        }
        for (; i < log.Length; i++)
            if (Side(log[i], advantages[i]) is var side && side != ClipSide.None)
                (log[i], sides[i]) = (side == ClipSide.High ? High : -Low, side);
    }

    // The bounds of a whole response hold for its sum: each token gets an equal part of the bound.
    private void BoundSum(int count, Span<double> log, ReadOnlySpan<double> advantages, Span<ClipSide> sides)
    {
        var sum = Masked.Sum(log);
        for (var i = 0; i < log.Length; i++)
            if (Side(sum, advantages[i]) is var side && side != ClipSide.None)
                (log[i], sides[i]) = ((side == ClipSide.High ? High : -Low) / count, side);
    }

    private ClipSide Side(double moved, double advantage) =>
        advantage > 0 && moved > High ? ClipSide.High
        : advantage < 0 && moved < -Low ? ClipSide.Low
        : ClipSide.None;

    internal override void Apply(in TokenSpans tokens, Span<double> values, Span<double> slopes, Span<ClipSide> sides) =>
        ApplyFreely(tokens, values, slopes);

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) => token.Ratio * token.Advantage;

    internal override Expression LogRatioFormula(Expression logRatio, Expression advantage)
    {
        var d = Expression.Define(new("d", "it"), logRatio, "log of the token's ratio, in nats");
        var up = Expression.Min(
            d,
            Expression.Setting(new("ε", "", "high"), High, "how far a token's log-ratio may rise, in nats")
        );
        var down = Expression.Max(
            d,
            -Expression.Setting(new("ε", "", "low"), Low, "how far a token's log-ratio may fall, in nats")
        );
        var held = Expression.Cases(
            Expression.Relation(advantage, ">", 0),
            up,
            Expression.Cases(Expression.Relation(advantage, "<", 0), down, d)
        );
        return Expression.Define(new("d", "it", "held"), held, "the same, held back only in the direction A wants");
    }

    internal override string Outcome(in TokenState token, in TokenTerm term) =>
        term.Side switch
        {
            ClipSide.High =>
                "The token's own log-ratio is above its bound and A > 0: it enters the mean as a constant, so the token gets no gradient.",
            ClipSide.Low =>
                "The token's own log-ratio is below its bound and A < 0: it enters the mean as a constant, so the token gets no gradient.",
            _ => "The token's own log-ratio is within its bounds (or on the way back): it moves the response's ratio.",
        };
}
