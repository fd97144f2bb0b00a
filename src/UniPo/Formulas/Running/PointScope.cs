namespace UniPo.Formulas;

/// <summary>A few letters with their values and derivatives: enough to calculate a part by itself and to draw its curve.</summary>
internal sealed class PointScope(params ReadOnlySpan<(Quantity Letter, Dual Value)> letters) : IFormulaScope
{
    private readonly (Quantity Letter, Dual Value)[] _letters = letters.ToArray();

    public Dual Read(Quantity quantity)
    {
        foreach (var (letter, value) in _letters)
            if (letter == quantity)
                return value;
        throw new FormulaException(
            $"{quantity.Symbol} ({quantity.Meaning}) has no value for a single token; evaluate a batch instead."
        );
    }

    public Dual Remember(DefinitionNode definition, Func<Dual> calculate) => calculate();

    public IEnumerable<IFormulaScope> Each(IndexRange range) =>
        throw new FormulaException($"A single token has nothing to fold over {range.Below}; evaluate a batch instead.");
}
