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

    private protected override IEnumerable<Block> Blocks() => [new Picture(Draw, Say)];

    private void Draw(HtmlWriter html)
    {
        html.Heading(Heading, Objective.Why);
        Formulas.Lines(html, Objective.Formula);
        if (Objective.Parts.Count > 0)
            Parts.Write(html);
        Formulas.Symbols(html, Objective.Formula.Symbols);
        if (Objective.Paper.Length > 0)
            html.Element("p", Objective.Paper, ("class", "note")).Line();
    }

    private Grid Parts =>
        new(
            $"Parts of {Heading}",
            [new("part") { Names = true }, new("question and answer"), new("in symbols")],
            [
                .. Objective.Parts.Select(part => new Row(
                    new Cell(part.Name) { Draw = html => html.Term("b", part.Name) },
                    new Cell(part.InWords)
                    {
                        Draw = html => html.Element("div", part.Question, ("class", "sub")).Text(part.InWords),
                    },
                    new Cell("") { Draw = html => Symbols(html, part.Line) }
                )),
            ]
        );

    private static void Symbols(HtmlWriter html, FormulaLine? line)
    {
        if (line is not null)
            html.Math(line);
    }

    private void Say(TextPage page)
    {
        foreach (var line in Objective.ToString().Split('\n'))
            page.Line(line);
        foreach (var symbol in Objective.Formula.Symbols)
            page.Line($"{symbol}", indent: 4);
    }
}
