using System.Globalization;
using UniPo.Formulas;

namespace UniPo;

/// <summary>What happened to a token, in words, with the condition under which it is said and the numbers in it.</summary>
/// <remarks>
/// A part gives its sentences as cases; the first whose condition holds is said. Conditions and numbers are formulas over the same
/// letters as the part's own formula, so that a sentence cannot contradict the weight beside it.
/// <code>Sentence.If(token.Ratio > 1.2, $"r = {token.Ratio} is far up.")</code>
/// </remarks>
public sealed class Sentence
{
    private Sentence(Expression? when, FormattableString text)
    {
        ArgumentNullException.ThrowIfNull(text);
        When = when;
        Format = text.Format;
        Numbers =
        [
            .. text.GetArguments()
                .Select(a =>
                    a switch
                    {
                        Expression expression => expression,
                        Quantity quantity => quantity,
                        double number => number,
                        int number => number,
                        _ => throw new ArgumentException($"A sentence may hold formulas and numbers, but {{{a}}} is neither."),
                    }
                ),
        ];
    }

    /// <summary>Said when the condition holds (is not 0).</summary>
    /// <param name="when">A relation: <c>token.Advantage > 0</c>; several, multiplied.</param>
    /// <param name="text">The sentence; formulas in braces are written with four digits.</param>
    public static Sentence If(Expression when, FormattableString text) => new(when, text);

    /// <summary>Said when no other sentence is.</summary>
    public static Sentence Otherwise(FormattableString text) => new(null, text);

    internal Expression? When { get; }

    internal string Format { get; }

    internal IReadOnlyList<Expression> Numbers { get; }

    /// <summary>The sentence that applies at a place; null where none does.</summary>
    internal static string? At(IEnumerable<Sentence> sentences, IFormulaScope scope) =>
        sentences.FirstOrDefault(s => s.When is null || Calculator.At(s.When, scope).Value != 0)?.Fill(scope);

    private string Fill(IFormulaScope scope) =>
        string.Format(
            CultureInfo.InvariantCulture,
            Format,
            [.. Numbers.Select(n => (object)NumberText.Rounded(Calculator.At(n, scope).Value))]
        );
}
