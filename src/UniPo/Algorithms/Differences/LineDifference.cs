namespace UniPo;

/// <summary>
/// A line of two formulas side by side; what differs is marked (<c>⟦ ⟧</c> in text, underlined in LaTeX, class <c>changed</c> in
/// MathML).
/// </summary>
/// <param name="First">The first objective's line, marked; null where it has none.</param>
/// <param name="Second">The second objective's line, marked; null where it has none.</param>
/// <param name="Differs">True when there is a difference.</param>
public sealed record LineDifference(FormulaLine? First, FormulaLine? Second, bool Differs)
{
    // A formula's line shows every difference; a part answers only for its own.
    internal bool DiffersInItself =>
        Differs
        && !(
            First?.Definition is { } a
            && Second?.Definition is { } b
            && a.Symbol == b.Symbol
            && Formulas.TreeDifference.SameButForIndices(a.Body, b.Body)
        );

    internal static LineDifference? Of(FormulaLine? first, FormulaLine? second)
    {
        if (first is null && second is null)
            return null;
        if (first is null || second is null)
            return new LineDifference(first, second, true);
        if (first.Definition is not { } a || second.Definition is not { } b)
            return new LineDifference(first, second, first.ToString() != second.ToString());
        if (Formulas.TreeDifference.Same(a.Body, b.Body))
            return new LineDifference(first, second, a.Symbol != b.Symbol);
        var (x, y) = Formulas.TreeDifference.Mark(a.Body, b.Body);
        return new LineDifference(new FormulaLine(a with { Body = x }), new FormulaLine(b with { Body = y }), true);
    }
}
