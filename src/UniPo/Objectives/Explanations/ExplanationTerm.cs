namespace UniPo;

/// <summary>One number of a step of an explanation: a letter and its value, or a branch that competed.</summary>
/// <param name="Symbol">The letter or expression as text: <c>R_i</c>, <c>mean_g(R)</c>, <c>r_it·A_i</c>.</param>
/// <param name="Label">What it is, in words; empty for an expression.</param>
/// <param name="Value">Its value for this token.</param>
public sealed record ExplanationTerm(string Symbol, string Label, double Value)
{
    /// <summary>
    /// True for the branch of a minimum, maximum or case that counts, false for one that lost; null where nothing competes.
    /// </summary>
    public bool? Won { get; init; }

    /// <summary>The letter or expression as LaTeX.</summary>
    public required string Latex { get; init; }

    /// <summary>The letter or expression as a MathML <c>math</c> element.</summary>
    public required string MathMl { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Symbol} = {Formulas.NumberText.Rounded(Value)}{(Won == true ? " ✓" : "")}";
}
