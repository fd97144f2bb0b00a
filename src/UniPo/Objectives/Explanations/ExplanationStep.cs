using System.Xml.Linq;
using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// One step on the way to a token's weight: a letter, its line of the formula, the same line with this token's numbers, and a
/// sentence.
/// </summary>
public sealed class ExplanationStep
{
    internal ExplanationStep(
        string part,
        DefinitionNode definition,
        Expression bound,
        double value,
        string sentence,
        IReadOnlyList<ExplanationTerm> terms
    ) => (Part, Definition, Bound, Value, Sentence, Terms) = (part, definition, bound, value, sentence, terms);

    /// <summary>
    /// The part of the objective it belongs to: <c>ratio</c>, <c>advantage</c>, <c>trust region</c>, <c>KL</c>; <c>reference</c>,
    /// <c>pairs</c>, <c>loss</c> of
    /// preferences; <c>selection</c>, <c>term</c> of imitation; <c>aggregation</c> and <c>weight</c> of all.
    /// </summary>
    public string Part { get; }

    /// <summary>The letter as text.</summary>
    public string Symbol => PlainWriter.Write(Definition);

    /// <summary>What the letter means, in words without a full stop.</summary>
    public string Meaning => Definition.Meaning;

    /// <summary>Its value for this token.</summary>
    public double Value { get; }

    /// <summary>What happened here, in one or two sentences.</summary>
    public string Sentence { get; }

    /// <summary>The numbers that went in; of competing branches, the winner is marked.</summary>
    public IReadOnlyList<ExplanationTerm> Terms { get; }

    internal DefinitionNode Definition { get; }

    internal Expression Bound { get; }

    /// <summary>The line of the formula as text: <c>r_it = exp(log π_θ(y_it) − log π_old(y_it))</c>.</summary>
    public string Formula => $"{Symbol} = {PlainWriter.Write(Definition.Body)}";

    /// <summary>The right side with numbers, and the result: <c>exp(−1.2 − −1.5) = 1.35</c>.</summary>
    public string Numbers => Result is { } result ? $"{PlainWriter.Write(Bound)} = {result}" : PlainWriter.Write(Bound);

    // A right side that is a single number is its own result.
    private string? Result => Bound is NumberNode ? null : NumberText.Rounded(Value);

    /// <summary>Formula and numbers as one line of text, which may be long.</summary>
    public override string ToString() => Definition.Body is NumberNode ? Formula : Formula + " = " + Numbers;

    /// <summary>Formula, numbers and result as LaTeX.</summary>
    public string ToLatex()
    {
        var latex = $"{LatexWriter.Write(Definition)} = {LatexWriter.Write(Definition.Body)}";
        if (Definition.Body is not NumberNode)
            latex += $" = {LatexWriter.Write(Bound)}";
        return Result is { } result ? $"{latex} = {LatexWriter.Number(result)}" : latex;
    }

    /// <summary>
    /// Formula, numbers and result as a MathML <c>math</c> element; the winning branch has the class <c>won</c>.
    /// </summary>
    public string ToMathMl()
    {
        List<XElement> row = [MathMlWriter.Write(Definition), MathMlWriter.Operator("="), MathMlWriter.Write(Definition.Body)];
        if (Definition.Body is not NumberNode)
            row.AddRange([MathMlWriter.Operator("="), MathMlWriter.Write(Bound)]);
        if (Result is not null)
            row.AddRange([MathMlWriter.Operator("="), MathMlWriter.Write(Binder.Measured(Value))]);
        return MathMlWriter.Document(MathMlWriter.Row(row), ToString(), ToLatex(), block: true);
    }
}
