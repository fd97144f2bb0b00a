using UniPo.Numerics;

namespace UniPo;

/// <summary>The loss of one pair and its slopes.</summary>
/// <param name="Loss">At least 0 for most losses.</param>
/// <param name="Chosen">Derivative with respect to the chosen response's log-ratio.</param>
/// <param name="Rejected">Derivative with respect to the rejected response's log-ratio.</param>
public readonly record struct PairTerm(double Loss, double Chosen, double Rejected);

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

    /// <summary>The loss of one pair.</summary>
    /// <param name="chosen">a, in nats (per token when <see cref="PerToken"/>).</param>
    /// <param name="rejected">b, likewise.</param>
    public abstract PairTerm At(double chosen, double rejected);

    private protected string Measured => PerToken ? "; log-ratios per token" : "";

    /// <summary>The loss of a pair in symbols; without an override, the name of a function that only the code knows.</summary>
    /// <param name="chosen">a.</param>
    /// <param name="rejected">b.</param>
    public virtual Expression Formula(Expression chosen, Expression rejected) =>
        new OpaqueNode(
            GetType().Name,
            [chosen, rejected],
            x =>
            {
                var term = At(x[0], x[1]);
                return (term.Loss, [term.Chosen, term.Rejected]);
            }
        );

    /// <summary>What the loss makes of a pair, in a sentence or two with its numbers.</summary>
    /// <param name="chosen">a.</param>
    /// <param name="rejected">b.</param>
    internal virtual string Outcome(double chosen, double rejected)
    {
        var term = At(chosen, rejected);
        return $"One nat more on the chosen response changes the loss by {NumberText.Rounded(term.Chosen)}, one more on the rejected response by {NumberText.Rounded(term.Rejected)}.";
    }

    /// <summary>β with its value.</summary>
    private protected Expression BetaSymbol => Expression.Setting(new("β"), Beta, "how dear it is to leave the reference");

    /// <summary>h = a − b, with a line of its own.</summary>
    private protected static Expression Margin(Expression chosen, Expression rejected) =>
        Expression.Define(
            new("h", "p"),
            chosen - rejected,
            "margin: how much more the policy moved towards the chosen response than towards the rejected one, in nats"
        );

    /// <summary>log σ(x) without overflow.</summary>
    private protected static double LogSigmoid(double x) => x >= 0 ? -Math.Log(1 + Math.Exp(-x)) : x - Math.Log(1 + Math.Exp(x));

    /// <summary>σ(x) without overflow.</summary>
    private protected static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    /// <summary>A loss that depends on the margin h = a − b alone.</summary>
    private protected static PairTerm OfMargin(double loss, double slope) => new(loss, slope, -slope);
}
