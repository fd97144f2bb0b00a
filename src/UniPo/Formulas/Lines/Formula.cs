using System.Text;
using UniPo.Numerics;

namespace UniPo;

/// <summary>An objective in symbols, written by its own parts: as text, LaTeX or MathML.</summary>
/// <remarks>
/// The first line is J, what is maximised; then every letter of it that stands for a longer expression has a line, then
/// conditions. The same tree is calculated in the tests and compared with the code, value and derivative.
/// </remarks>
public sealed class Formula
{
    internal Formula(Expression objective, Expression? token, IEnumerable<FormulaLine> constraints)
    {
        Objective = (DefinitionNode)objective;
        Token = token;
        var letters = new FormulaLetters();
        letters.Visit(Objective);
        Constraints = [.. constraints];
        foreach (var constraint in Constraints)
            letters.Visit(constraint.Constraint!);
        Lines = [.. letters.Lines];
        Symbols = [.. letters.Symbols];
    }

    /// <summary>The formula of an objective that is no policy, preference or imitation objective: what it maximises.</summary>
    /// <param name="objective">J as an expression; pages run it, so it must be what the objective computes.</param>
    public static Formula Of(Expression objective) =>
        new(objective as DefinitionNode ?? Expression.Define(new("J"), objective, "what is maximised"), null, []);

    /// <summary>The formula of an objective whose parts nobody wrote down.</summary>
    internal static Formula Unknown(string name) =>
        new(
            Expression.Define(
                new("J"),
                new QuantityNode(new Quantity(new("J", "", "log"), $"the objective of {name} as the log gives it")),
                "what is maximised"
            ),
            null,
            []
        );

    /// <summary>J and the lines of its letters, in the order in which they are first used.</summary>
    public IReadOnlyList<FormulaLine> Lines { get; }

    /// <summary>What must hold besides: a bound on the step, a condition on groups. Often empty.</summary>
    public IReadOnlyList<FormulaLine> Constraints { get; }

    /// <summary>All other letters with their meaning; settings with their value.</summary>
    public IReadOnlyList<FormulaSymbol> Symbols { get; }

    /// <summary>The settings among <see cref="Symbols"/>: ε, β and the like.</summary>
    public IEnumerable<FormulaSymbol> Settings => Symbols.Where(s => s.Value is not null);

    internal DefinitionNode Objective { get; }

    /// <summary>What is summed over tokens; null where the objective is no sum over tokens.</summary>
    internal Expression? Token { get; }

    /// <summary>The lines as text of at most 100 columns, settings at the end.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var all = Lines.Concat(Constraints).ToArray();
        var width = Lines.Max(l => TextLayout.Columns(l.Left));
        foreach (var line in Lines)
            TextLayout.Append(text, TextLayout.Pad(line.Left, width) + " = ", line.Right);
        foreach (var constraint in Constraints)
            TextLayout.Append(text, "with ".PadRight(Math.Min(width, 5)), $"{constraint}");
        var settings = string.Join(", ", Settings.Select(s => $"{s.Text} = {NumberText.Exact(s.Value!.Value)}"));
        if (settings.Length > 0)
            TextLayout.Append(text, "", settings);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>All lines as LaTeX, aligned at the equals sign; without dollar signs.</summary>
    public string ToLatex()
    {
        var lines = Lines
            .Concat(Constraints)
            .Select(l => $"{LatexWriter.Write(l.LeftSide)} &{l.LatexSign} {LatexWriter.Write(l.RightSide)}");
        return "\\begin{aligned}\n" + string.Join(" \\\\\n", lines) + "\n\\end{aligned}";
    }

    /// <summary>All lines as one MathML Core <c>math</c> element with a row for each.</summary>
    public string ToMathMl() =>
        MathMlWriter.Document(
            MathMlWriter.Table(Lines.Concat(Constraints).Select(l => (l.LeftSide, l.Sign, l.RightSide))),
            ToString(),
            ToLatex(),
            block: true
        );
}
