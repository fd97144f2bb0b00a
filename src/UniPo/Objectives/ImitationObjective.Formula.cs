namespace UniPo;

public sealed partial record ImitationObjective
{
    /// <inheritdoc/>
    public override Formula Formula =>
        new(
            Expression.Define(
                new("J"),
                Aggregation.Formula(Quantities.LogProb),
                "what is maximised; sums run over the chosen responses"
            ),
            Quantities.LogProb,
            Constraints()
        );

    private IEnumerable<FormulaLine> Constraints() =>
        Selection.Condition is { } chosen
            ? [new FormulaLine(chosen, "only responses for which this holds are imitated, and they alone are counted")]
            : [];

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectivePart> Parts =>
        [
            new("selection", "Which responses are imitated?", Selection.InWords),
            new("aggregation", "How do tokens of long and short responses share the update?", Aggregation.InWords)
            {
                Line = Formula.Lines[0],
            },
            .. ExtraParts(),
        ];

    internal override TokenExplanation Explain(TokenReport report, int row, int token) =>
        new ImitationExplanation(this, report, row, token).Explain();
}
