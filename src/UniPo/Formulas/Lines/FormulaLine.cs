using System.Xml.Linq;
using UniPo.Numerics;

namespace UniPo;

/// <summary>One line of a formula: a letter, what it is equal to, and what it means.</summary>
public sealed class FormulaLine
{
    internal FormulaLine(DefinitionNode definition) => Definition = definition;

    internal FormulaLine(RelationNode constraint, string meaning) => (Constraint, Meaning) = (constraint, meaning);

    /// <summary>A line for an expression: the letter's own where it has one, none for nothing.</summary>
    internal static FormulaLine? Of(Expression? expression) =>
        expression switch
        {
            null => null,
            DefinitionNode definition => new FormulaLine(definition),
            QuantityNode { Quantity: var quantity } => new FormulaLine(
                new DefinitionNode(quantity.Symbol, expression, quantity.Meaning)
            ),
            _ => new FormulaLine(new DefinitionNode(new("x"), expression, "")),
        };

    internal DefinitionNode? Definition { get; }

    internal RelationNode? Constraint { get; }

    /// <summary>The letter on the left, as text: <c>J</c>, <c>r_it</c>, <c>A_i</c>.</summary>
    public string Left => PlainWriter.Write(LeftSide);

    /// <summary>The right side as text.</summary>
    public string Right => PlainWriter.Write(RightSide);

    /// <summary>What stands between the sides: <c>=</c>, or the relation of a condition.</summary>
    public string Sign => Constraint?.Sign ?? "=";

    /// <summary>What the letter means, in words without a full stop.</summary>
    public string Meaning
    {
        get => field ?? Definition!.Meaning;
    }

    internal Expression LeftSide => Constraint?.Left ?? Definition!;

    internal Expression RightSide => Constraint?.Right ?? Definition!.Body;

    /// <summary>The line as one line of text, which may be long.</summary>
    public override string ToString() => $"{Left} {Sign} {Right}";

    /// <summary>The line as LaTeX.</summary>
    public string ToLatex() => LatexWriter.Write(LeftSide) + " " + LatexSign + " " + LatexWriter.Write(RightSide);

    internal string LatexSign => LatexWriter.Sign(Sign);

    /// <summary>The line as a MathML <c>math</c> element.</summary>
    /// <param name="block">True for a line of its own with large operators, false for a place inside a sentence.</param>
    public string ToMathMl(bool block = true) => MathMlWriter.Document(ToElement(), ToString(), ToLatex(), block);

    private XElement ToElement() =>
        MathMlWriter.Row(MathMlWriter.Write(LeftSide), MathMlWriter.Operator(Sign), MathMlWriter.Write(RightSide));
}
