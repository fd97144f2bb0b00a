using UniPo.Formulas;

namespace UniPo;

/// <summary>
/// How do tokens of long and short responses share the update? It gives every token its factor in J = Σ factor · term.
/// </summary>
public abstract record Aggregation
{
    /// <summary>Mean over all tokens of the batch (DAPO as trainers ship it).</summary>
    public static TokenMean TokenMean { get; } = new();

    /// <summary>Mean of each response over its tokens, then over responses (GRPO).</summary>
    public static SequenceMean SequenceMean { get; } = new();

    /// <summary>Sum of each response, then mean over responses (REINFORCE).</summary>
    public static SequenceSum SequenceSum { get; } = new();

    /// <summary>Sum over all tokens.</summary>
    public static TokenSum TokenSum { get; } = new();

    /// <summary>Sum of each response divided by a constant, then mean over responses (Dr. GRPO).</summary>
    /// <param name="length">The constant in tokens, at least 1: usually the longest response allowed.</param>
    public static ConstantLength Constant(double length) => new() { Length = length };

    /// <summary>
    /// An aggregation of one's own: <c>Aggregation.Of("root", f => 1 / (Expression)Quantities.Responses * Over.Responses.Sum(1 /
    /// Expression.Sqrt(Quantities.Length) * Over.Tokens.Sum(f)))</c>.
    /// </summary>
    /// <param name="name">What it is called.</param>
    /// <param name="formula">J, from the term f_it of a token.</param>
    /// <param name="inWords">What it does, in one line of words; the name where it is left out.</param>
    /// <exception cref="FormulaException">The formula cannot be calculated.</exception>
    public static Aggregation Of(string name, Func<Expression, Expression> formula, string? inWords = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var template = FormulaChecks.Verify(
            $"The aggregation \"{name}\"",
            formula(Blanks.Term),
            Level.Batch,
            (Blanks.Term, Level.Token)
        );
        return new WrittenAggregation(name, inWords, template);
    }

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The aggregated sum in symbols.</summary>
    /// <param name="term">The term of token t of response i.</param>
    public abstract Expression Formula(Expression term);

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>Σ_i of something per response, divided by the number of responses.</summary>
    private protected static Expression PerResponse(CountedRows rows, Expression term) =>
        1
        / (Expression)(rows == CountedRows.All ? Quantities.Responses : Quantities.ActiveResponses)
        * Expression.Sum(Over.Responses, term);

    private protected static string RowsInWords(CountedRows rows) =>
        rows == CountedRows.All ? "responses" : "non-empty responses";
}

/// <summary>An aggregation that somebody wrote as a formula.</summary>
internal sealed record WrittenAggregation(string Name, string? Words, Template Template) : Aggregation
{
    public override string InWords => Words ?? Name;

    public override Expression Formula(Expression term) => Template.Fill((Blanks.Term, term));
}

/// <summary>Which responses a mean over responses counts.</summary>
public enum CountedRows
{
    /// <summary>All responses, those without an active token included (TRL, SkyRL, verl's trainer).</summary>
    All,

    /// <summary>Responses with at least one active token (verl's functions when called alone, OpenRLHF).</summary>
    NonEmpty,
}
