using UniPo.Numerics;

namespace UniPo;

/// <summary>What a trust region sees of one token.</summary>
/// <param name="Ratio">r = π_θ/π_old of the token or its response, ≥ 0.</param>
/// <param name="Advantage">A.</param>
/// <param name="LogProb">log π_θ, in nats.</param>
/// <param name="OldLogProb">log π_old, in nats.</param>
public readonly record struct TokenState(double Ratio, double Advantage, double LogProb = 0, double OldLogProb = 0);

/// <summary>A trust region's answer for one token.</summary>
/// <param name="Value">The token's term of the objective, before aggregation.</param>
/// <param name="Slope">Its derivative with respect to the logarithm of the ratio, or to the token's own log π (see
/// <see cref="TrustRegion.ThroughRatio"/>).</param>
/// <param name="Side">The bound that bites.</param>
public readonly record struct TokenTerm(double Value, double Slope, ClipSide Side = ClipSide.None);

/// <summary>What happens to a token whose ratio has moved too far?</summary>
/// <remarks>One sealed record for each answer. All maximise; a loss is the same number with its sign turned.</remarks>
public abstract record TrustRegion
{
    /// <summary>
    /// True when the gradient flows through the ratio (PPO and kin); false when the ratio is a constant factor and the
    /// gradient flows through the token's own log π (CISPO and kin).
    /// </summary>
    public virtual bool ThroughRatio => true;

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The token's term in symbols; without an override, the name of a function that only the code knows.</summary>
    public virtual Expression Formula(TokenSymbols token) =>
        new OpaqueNode(
            GetType().Name,
            [token.Ratio, token.Advantage],
            a =>
            {
                var term = At(a[0], a[1]);
                return (term.Value, [term.Slope / a[0], 0]); // a slope is with respect to log r
            }
        );

    /// <summary>The token's log-ratio as it enters the ratio, in symbols; bounded here by some regions (GMPO).</summary>
    /// <param name="logRatio">d_it = log π_θ − log π_old.</param>
    /// <param name="advantage">A.</param>
    internal virtual Expression LogRatioFormula(Expression logRatio, Expression advantage) => logRatio;

    /// <summary>What happened to a token here, in a sentence or two with its numbers.</summary>
    internal virtual string Outcome(in TokenState token, in TokenTerm term) =>
        term.Side switch
        {
            ClipSide.None => $"The term is {NumberText.Rounded(term.Value)}.",
            _ when term.Slope != 0 =>
                $"Its {(term.Side == ClipSide.High ? "upper" : "lower")} bound holds the term at {NumberText.Rounded(term.Value)}, but the gradient still flows.",
            _ =>
                $"Its {(term.Side == ClipSide.High ? "upper" : "lower")} bound bites: the term is constant, so the token gets no gradient from it.",
        };

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>The term of one token, its slope, and whether a bound bites. Public so that its curve can be drawn.</summary>
    public abstract TokenTerm At(in TokenState token);

    /// <summary>The term of a token with this ratio and advantage.</summary>
    /// <param name="ratio">r, ≥ 0.</param>
    /// <param name="advantage">A.</param>
    public TokenTerm At(double ratio, double advantage) => At(new TokenState(ratio, advantage));

    /// <summary>
    /// Holds token log-ratios in bounds before they are pooled to a ratio (GMPO); most regions leave them alone.
    /// </summary>
    /// <param name="count">Active tokens of the response, n_i.</param>
    /// <param name="log">[T_i] token log-ratios d, 0 where masked.</param>
    /// <param name="advantages">[T_i] A.</param>
    /// <param name="sides">[T_i] receives the bound that bit each token; its gradient is 0.</param>
    internal virtual void BoundLogRatios(int count, Span<double> log, ReadOnlySpan<double> advantages, Span<ClipSide> sides) { }

    /// <summary>True when <see cref="BoundLogRatios"/> decides which tokens are stopped.</summary>
    internal virtual bool BoundsLogRatios => false;

    /// <summary>The terms of all tokens of one response.</summary>
    /// <param name="tokens">What is known of them; masked ones are set to 0 afterwards.</param>
    /// <param name="values">[T_i] receives each token's term.</param>
    /// <param name="slopes">[T_i] receives each term's slope.</param>
    /// <param name="sides">[T_i] receives the bounds that bite; in: none. Empty when no one asks.</param>
    internal virtual void Apply(in TokenSpans tokens, Span<double> values, Span<double> slopes, Span<ClipSide> sides)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var term = At(new TokenState(tokens.Ratio[i], tokens.Advantage[i], tokens.LogProb[i], tokens.OldLogProb[i]));
            (values[i], slopes[i]) = (term.Value, term.Slope);
            if (!sides.IsEmpty)
                sides[i] = term.Side;
        }
    }

    /// <summary>The same where nothing bounds the term: r·A, whose slope with respect to log r is r·A, too.</summary>
    private protected static void ApplyFreely(in TokenSpans tokens, Span<double> values, Span<double> slopes)
    {
        DoubleKernels.Multiply(tokens.Ratio, tokens.Advantage, values);
        values.CopyTo(slopes);
    }

    /// <summary>True when <see cref="Revise"/> has something to do.</summary>
    internal virtual bool LooksAtTheBatch => false;

    /// <summary>Changes terms that depend on other tokens of the batch (Clip-Cov, KL-Cov); most regions have none.</summary>
    internal virtual void Revise(
        RolloutBatch batch,
        ReadOnlySpan<double> advantages,
        Span<double> values,
        Span<double> slopes,
        Span<ClipSide> sides
    ) { }
}

/// <summary>What is known of the tokens of one response, column by column.</summary>
internal readonly ref struct TokenSpans
{
    public required ReadOnlySpan<double> Ratio { get; init; }

    public required ReadOnlySpan<double> Advantage { get; init; }

    public required ReadOnlySpan<double> LogProb { get; init; }

    public required ReadOnlySpan<double> OldLogProb { get; init; }

    /// <summary>The tokens from a position on: those that do not fill a vector.</summary>
    public TokenSpans From(int token) =>
        new()
        {
            Ratio = Ratio[token..],
            Advantage = Advantage[token..],
            LogProb = LogProb[token..],
            OldLogProb = OldLogProb[token..],
        };
}
