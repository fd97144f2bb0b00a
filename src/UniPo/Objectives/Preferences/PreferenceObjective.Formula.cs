using UniPo.Numerics;

namespace UniPo;

public sealed partial record PreferenceObjective
{
    /// <inheritdoc/>
    public override Formula Formula => new(Expression.Define(new("J"), ObjectiveFormula(), "what is maximised"), null, []);

    private Expression ObjectiveFormula() => -(1 / (Expression)Quantities.Pairs) * Expression.Sum(Over.Pairs, LossFormula());

    /// <summary>What a pair costs.</summary>
    internal DefinitionNode LossFormula() =>
        new(
            new("L", "p"),
            Loss.Formula(Expression.At(Over.Chosen, MovedFormula()), Expression.At(Over.Rejected, MovedFormula())),
            "loss of pair p of a chosen (w) and a rejected (l) response"
        );

    /// <summary>What the loss says about a pair, as cases.</summary>
    internal IEnumerable<Sentence> LossSentences() =>
        Loss.Sentences(Expression.At(Over.Chosen, MovedFormula()), Expression.At(Over.Rejected, MovedFormula()));

    /// <summary>How far the policy has moved on a response.</summary>
    internal DefinitionNode MovedFormula()
    {
        Expression log = Quantities.LogProb;
        var sum = Expression.Sum(Over.Tokens, WithoutReference ? log : log - Quantities.ReferenceLogProb);
        return new DefinitionNode(
            new("Δ", "i"),
            Loss.PerToken ? 1 / (Expression)Quantities.Length * sum : sum,
            WithoutReference
                ? "log-probability of the response, in nats"
                : "how much likelier the response is than under the reference, in nats"
        );
    }

    internal override TokenExplanation Explain(TokenReport report, int row, int token) =>
        new PreferenceExplanation(this, report, row, token).Explain();

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectivePart> Parts =>
        [
            new("loss", "What does a pair cost?", Loss.InWords) { Line = FormulaLine.Of(LossFormula()) },
            new("pairs", "Which responses are set against each other?", Pairs.InWords),
            new(
                "reference",
                "From where is movement measured?",
                WithoutReference ? "from a policy that finds all responses equally likely" : "from the reference policy"
            ),
            .. ExtraParts(),
        ];
}
