namespace UniPo.Interactive;

/// <summary>An objective on a card: its formula, the parts it is put together from, its settings and its source.</summary>
public sealed record FormulaCard : View
{
    /// <summary>The card of an objective.</summary>
    public FormulaCard(Objective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        Objective = objective;
    }

    /// <summary>The objective.</summary>
    public Objective Objective { get; }

    private protected override string Element => "formula-card";

    private protected override string[] StyleSections => ["record", "card"];

    private string Heading =>
        Objective.Year > 0 ? $"{VisibleText.Of(Objective.Name)} ({Objective.Year})" : VisibleText.Of(Objective.Name);

    private protected override void WriteHtml(HtmlWriter html)
    {
        html.Heading(Heading, Objective.Why);
        Formulas.Lines(html, Objective.Formula);
        if (Objective.Parts.Count > 0)
            Parts(html);
        Formulas.Symbols(html, Objective.Formula.Symbols);
        if (Objective.Paper.Length > 0)
            html.Element("p", Objective.Paper, ("class", "note")).Line();
    }

    private void Parts(HtmlWriter html)
    {
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", $"Parts of {Heading}"))
            .Open("table");
        html.Element("caption", $"Parts of {Heading}", ("class", "gone"));
        html.Open("thead")
            .Open("tr")
            .Element("th", "part", ("scope", "col"))
            .Element("th", "question and answer", ("scope", "col"))
            .Element("th", "in symbols", ("scope", "col"))
            .Close()
            .Close()
            .Line();
        html.Open("tbody", ("class", "rows")).Line();
        foreach (var part in Objective.Parts)
        {
            html.Open("tr").Term("th", part.Name, null, ("scope", "row"));
            html.Open("td").Element("div", part.Question, ("class", "sub")).Text(part.InWords).Close();
            html.Open("td");
            if (part.Line is { } line)
                html.Math(line);
            html.Close().Close().Line();
        }
        html.Close().Close().Close().Line();
    }

    private protected override void WriteText(TextPage page)
    {
        foreach (var line in Objective.ToString().Split('\n'))
            page.Line(line);
        foreach (var symbol in Objective.Formula.Symbols)
            page.Line($"{symbol}", indent: 4);
    }
}
