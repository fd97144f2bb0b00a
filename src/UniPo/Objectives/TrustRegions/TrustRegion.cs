using UniPo.Formulas;

namespace UniPo;

/// <summary>A trust region's answer for one token.</summary>
/// <param name="Value">The token's term of the objective, before aggregation.</param>
/// <param name="Slope">Its derivative with respect to log π_θ of the token, on whichever way the gradient takes.</param>
public readonly record struct TokenTerm(double Value, double Slope)
{
    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(TokenTerm), PrintMembers);
}

/// <summary>What happens to a token whose ratio has moved too far?</summary>
/// <remarks>
/// One sealed record for each answer; its formula is all it does. All maximise; a loss is the same number with its sign turned.
/// One's own: <c>TrustRegion.Of("square", t => t.Ratio * t.Advantage - Expression.Power(t.Ratio - 1, 2))</c>.
/// </remarks>
public abstract record TrustRegion
{
    /// <summary>A trust region of one's own.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="formula">The token's term, from its ratio, advantage and log-probabilities.</param>
    /// <param name="inWords">What it does, in one line of words; the name where it is left out.</param>
    /// <exception cref="FormulaException">The formula cannot be calculated.</exception>
    public static TrustRegion Of(string name, Func<TokenSymbols, Expression> formula, string? inWords = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var template = FormulaChecks.Verify(
            $"The trust region \"{name}\"",
            formula(new TokenSymbols(Blanks.Ratio, Blanks.Advantage, Quantities.LogProb, Quantities.OldLogProb)),
            Level.Token,
            (Blanks.Ratio, Level.Token),
            (Blanks.Advantage, Level.Token)
        );
        return new WrittenTrustRegion(name, inWords, template);
    }

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The token's term in symbols.</summary>
    /// <param name="token">The letters it is written with.</param>
    public abstract Expression Formula(TokenSymbols token);

    /// <summary>What happened to a token, as cases over the letters of <see cref="Formula"/>; empty for the usual words.</summary>
    /// <param name="token">The letters.</param>
    public virtual IEnumerable<Sentence> Sentences(TokenSymbols token) => [];

    /// <summary>The token's log-ratio as it enters the ratio, in symbols; bounded here by some regions (GMPO).</summary>
    /// <param name="logRatio">d_it = log π_θ − log π_old.</param>
    /// <param name="advantage">A.</param>
    internal virtual Expression LogRatioFormula(Expression logRatio, Expression advantage) => logRatio;

    /// <summary>The letter whose column the region chooses by looking at all tokens (Clip-Cov, KL-Cov); null for none.</summary>
    internal virtual Quantity? Choice => null;

    /// <summary>[ΣT] the column of <see cref="Choice"/>.</summary>
    /// <param name="batch">The responses.</param>
    /// <param name="advantages">[ΣT] A.</param>
    internal virtual double[] Choose(RolloutBatch batch, ReadOnlySpan<double> advantages) => [];

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>The term of a token with this ratio and advantage, and its slope; for drawing its curve.</summary>
    /// <param name="ratio">r, ≥ 0.</param>
    /// <param name="advantage">A.</param>
    /// <param name="logProb">log π_θ, in nats.</param>
    /// <param name="oldLogProb">log π_old, in nats.</param>
    public TokenTerm At(double ratio, double advantage, double logProb = 0, double oldLogProb = 0)
    {
        var term = Formula(new TokenSymbols(Blanks.Ratio, Blanks.Advantage, Quantities.LogProb, Quantities.OldLogProb));
        var value = Calculator.At(
            term,
            new PointScope(
                (Blanks.Ratio, new Dual(ratio, ratio)), // dr/d(log π) = r
                (Blanks.Advantage, advantage),
                (Quantities.LogProb, new Dual(logProb, 1)),
                (Quantities.OldLogProb, oldLogProb),
                (Quantities.Kept, 1),
                (Quantities.Charged, 0)
            )
        );
        return new TokenTerm(value.Value, value.Slope);
    }
}

/// <summary>A trust region that somebody wrote as a formula.</summary>
internal sealed record WrittenTrustRegion(string Name, string? Words, Template Template) : TrustRegion
{
    public override string InWords => Words ?? Name;

    public override Expression Formula(TokenSymbols token) =>
        Template.Fill((Blanks.Ratio, token.Ratio), (Blanks.Advantage, token.Advantage));
}
