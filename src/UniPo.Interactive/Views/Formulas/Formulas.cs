namespace UniPo.Interactive;

/// <summary>Formulas as MathML, which browsers show without a script.</summary>
internal static class Formulas
{
    /// <summary>All lines of a formula below each other, with what each letter means.</summary>
    public static void Lines(HtmlWriter html, Formula formula)
    {
        html.Open("div", ("class", "formula scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", "Formula")).Line();
        foreach (var line in formula.Lines.Concat(formula.Constraints))
            html.Open("div").Math(line).Text(" ").Element("span", line.Meaning, ("class", "sub")).Close().Line();
        html.Close().Line();
    }

    /// <summary>The other letters: settings with their value, and what the batch knows.</summary>
    public static void Symbols(HtmlWriter html, IEnumerable<FormulaSymbol> symbols)
    {
        var all = symbols.ToArray();
        if (all.Length == 0)
            return;
        html.Open("ul", ("class", "letters")).Line();
        foreach (var symbol in all)
            html.Open("li").Math(symbol).Text(" ").Element("span", symbol.Meaning, ("class", "sub")).Close().Line();
        html.Close().Line();
    }
}
