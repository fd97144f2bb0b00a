using UniPo.Formulas;
using UniPo.Numerics;

namespace UniPo;

/// <summary>The loss of one pair and its slopes.</summary>
/// <param name="Loss">At least 0 for most losses.</param>
/// <param name="Chosen">Derivative with respect to the chosen response's log-ratio.</param>
/// <param name="Rejected">Derivative with respect to the rejected response's log-ratio.</param>
public readonly record struct PairTerm(double Loss, double Chosen, double Rejected)
{
    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(PairTerm), PrintMembers);
}

/// <summary>
/// What a pair of responses costs, given how far the policy has moved on each: a = log π_θ/π_ref of the chosen, b = of the
/// rejected.
/// </summary>
public abstract record PreferenceLoss
{
    /// <summary>What it does, in one line of words.</summary>
    public abstract string InWords { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>β: how dear it is to leave the reference; above 0. Default 0.1.</summary>
    public double Beta
    {
        get;
        init => field = Require.Positive(value, "PreferenceLoss.Beta");
    } = 0.1;

    /// <summary>True to divide each response's log-ratio by its number of tokens. Default false: sums.</summary>
    public bool PerToken { get; init; }

    /// <summary>A loss of one's own: <c>PreferenceLoss.Of("square", (a, b) => Expression.Power(1 - (a - b), 2))</c>.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="formula">The loss, from the movements of the chosen and the rejected response.</param>
    /// <param name="inWords">What it does, in one line of words; the name where it is left out.</param>
    /// <exception cref="FormulaException">The formula cannot be calculated.</exception>
    public static PreferenceLoss Of(string name, Func<Expression, Expression, Expression> formula, string? inWords = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var template = FormulaChecks.Verify(
            $"The preference loss \"{name}\"",
            formula(Blanks.Chosen, Blanks.Rejected),
            Level.Pair,
            (Blanks.Chosen, Level.Pair),
            (Blanks.Rejected, Level.Pair)
        );
        return new WrittenLoss(name, inWords, template);
    }

    /// <summary>The loss of one pair, calculated from its formula.</summary>
    /// <param name="chosen">a, in nats (per token when <see cref="PerToken"/>).</param>
    /// <param name="rejected">b, likewise.</param>
    public PairTerm At(double chosen, double rejected)
    {
        var loss = Formula(Blanks.Chosen, Blanks.Rejected);
        Dual By(double a, double b) =>
            Calculator.At(loss, new PointScope((Blanks.Chosen, new Dual(chosen, a)), (Blanks.Rejected, new Dual(rejected, b))));
        return new PairTerm(By(1, 0).Value, By(1, 0).Slope, By(0, 1).Slope);
    }

    private protected string Measured => PerToken ? "; log-ratios per token" : "";

    /// <summary>The loss of a pair in symbols.</summary>
    /// <param name="chosen">a.</param>
    /// <param name="rejected">b.</param>
    public abstract Expression Formula(Expression chosen, Expression rejected);

    /// <summary>What the loss makes of a pair, as cases over the letters of <see cref="Formula"/>; empty for the usual words.</summary>
    /// <param name="chosen">a.</param>
    /// <param name="rejected">b.</param>
    public virtual IEnumerable<Sentence> Sentences(Expression chosen, Expression rejected) => [];

    /// <summary>β with its value.</summary>
    private protected Expression BetaSymbol => Expression.Setting("β", Beta, "how dear it is to leave the reference");

    /// <summary>h = a − b, with a line of its own.</summary>
    private protected static Expression Margin(Expression chosen, Expression rejected) =>
        Expression.Define(
            new("h", "p"),
            chosen - rejected,
            "margin: how much more the policy moved towards the chosen response than towards the rejected one, in nats"
        );
}

/// <summary>A loss that somebody wrote as a formula.</summary>
internal sealed record WrittenLoss(string Name, string? Words, Template Template) : PreferenceLoss
{
    public override string InWords => (Words ?? Name) + Measured;

    public override Expression Formula(Expression chosen, Expression rejected) =>
        Template.Fill((Blanks.Chosen, chosen), (Blanks.Rejected, rejected));
}
