namespace UniPo.Formulas;

/// <summary>A place in a batch (this response, this token) from which a formula's symbols get their values.</summary>
internal interface IFormulaScope
{
    /// <summary>The value of a quantity here, and its derivative with respect to the variable of interest.</summary>
    Dual Read(Quantity quantity);

    /// <summary>The value of a defined letter here: calculated on the first request, remembered for the next.</summary>
    Dual Remember(DefinitionNode definition, Func<Dual> calculate);

    /// <summary>The places a sum or mean runs over, seen from here.</summary>
    IEnumerable<IFormulaScope> Each(IndexRange range);
}
