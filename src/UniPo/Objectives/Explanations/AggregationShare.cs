using UniPo.Numerics;

namespace UniPo;

/// <summary>The factor with which a token's term counts, as a line of its own: a_i = 1/N·1/n_i and its kin.</summary>
internal static class AggregationShare
{
    /// <summary>
    /// The line; its right side is the number alone where the batch at hand is a part of the one that was counted.
    /// </summary>
    /// <param name="aggregation">Who says the factor.</param>
    /// <param name="writer">Calculates what the formula gives here.</param>
    /// <param name="known">The factor that was used.</param>
    public static DefinitionNode Line(Aggregation aggregation, StepWriter writer, double known)
    {
        var term = Expression.Define(new("f", "it"), 0, "");
        var factor = Tree.FactorOf(aggregation.Formula(term), term);
        if (factor is null || !StepWriter.Same(writer.Value(factor), known))
            factor = Binder.Measured(known);
        return new DefinitionNode(new("a", "i"), factor, "share of each token of response i in the objective");
    }

    /// <summary>A share times the slope of what is shared, its sign in front.</summary>
    public static Expression Of(Expression share, Expression slope) =>
        slope is NumberNode { Value: 0 } ? 0
        : slope is NegateNode minus ? -(share * minus.Body)
        : share * slope;

    /// <summary>The line as a step.</summary>
    public static ExplanationStep Step(Aggregation aggregation, StepWriter writer, double known)
    {
        var line = Line(aggregation, writer, known);
        var why =
            line.Body is NumberNode
                ? "The denominators are those of the whole batch, of which this is a part."
                : $"Aggregation: {aggregation.InWords}.";
        return writer.Write("aggregation", line, $"The token's term counts {NumberText.Rounded(known)} in the sum. {why}");
    }
}
