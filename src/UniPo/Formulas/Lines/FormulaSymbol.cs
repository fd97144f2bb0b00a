using UniPo.Numerics;

namespace UniPo;

/// <summary>A letter of a formula that has no line of its own: something the batch knows, or a setting with its value.</summary>
public sealed class FormulaSymbol
{
    internal FormulaSymbol(Symbol symbol, string meaning, double? value) => (Symbol, Meaning, Value) = (symbol, meaning, value);

    /// <summary>The letter.</summary>
    public Symbol Symbol { get; }

    /// <summary>What it means, in words without a full stop.</summary>
    public string Meaning { get; }

    /// <summary>The value it is set to; null for what the batch knows.</summary>
    public double? Value { get; }

    /// <summary>The letter as text.</summary>
    public string Text => Symbol.ToString();

    /// <summary>The letter, its value if it has one, and its meaning.</summary>
    public override string ToString() =>
        Value is { } value ? $"{Text} = {NumberText.Exact(value)}: {Meaning}" : $"{Text}: {Meaning}";

    /// <summary>The letter (and its value) as LaTeX.</summary>
    public string ToLatex() =>
        LatexWriter.Write(Symbol, IndexNames.Plain)
        + (Value is { } value ? " = " + LatexWriter.Number(NumberText.Exact(value)) : "");

    /// <summary>The letter (and its value) as a MathML <c>math</c> element.</summary>
    public string ToMathMl()
    {
        var letter = MathMlWriter.Write(Symbol, IndexNames.Plain);
        var body = Value is { } value ? MathMlWriter.Row(letter, MathMlWriter.Operator("="), MathMlWriter.Write(value)) : letter;
        return MathMlWriter.Document(body, Value is { } v ? $"{Text} = {NumberText.Exact(v)}" : Text, ToLatex(), block: false);
    }
}
