namespace UniPo;

public sealed partial record PreferenceObjective
{
    /// <inheritdoc/>
    public override Formula Formula => new(Expression.Define(new("J"), ObjectiveFormula(), "what is maximised"), null, []);

    private Expression ObjectiveFormula() => -(1 / (Expression)Quantities.Pairs) * Expression.Sum(Over.Pairs, LossFormula());

    internal Expression LossFormula() => Expression.Define(new("L", "p"), Loss.Formula(MovedFormula(Over.Chosen), MovedFormula(Over.Rejected)), "loss of pair p of a chosen (w) and a rejected (l) response");

    /// <summary>How far the policy has moved on the chosen or the rejected response of a pair.</summary>
    private Expression MovedFormula(IndexRange which)
    {
        Expression log = Quantities.LogProb;
        var sum = Expression.Sum(Over.Tokens, WithoutReference ? log : log - Quantities.ReferenceLogProb);
        return Expression.At(which, Expression.Define(new("Δ", "i"), Loss.PerToken ? 1 / (Expression)Quantities.Length * sum : sum,
            WithoutReference ? "log-probability of the response, in nats" : "how much likelier the response is than under the reference, in nats"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectivePart> Parts =>
    [
        new("loss", "What does a pair cost?", Loss.InWords) { Line = FormulaLine.Of(LossFormula()) },
        new("pairs", "Which responses are set against each other?", Pairs.InWords),
        new("reference", "From where is movement measured?", WithoutReference ? "from a policy that finds all responses equally likely" : "from the reference policy"),
        .. ExtraParts(),
    ];
}
