namespace UniPo.Interactive;

/// <summary>
/// Two objectives against each other, part by part: in words, in symbols with the difference marked, and in numbers on a batch.
/// </summary>
public sealed record DifferenceCard : View
{
    /// <summary>The card of a difference.</summary>
    public DifferenceCard(ObjectiveDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        Difference = difference;
    }

    /// <summary>What differs.</summary>
    public ObjectiveDifference Difference { get; }

    private protected override string Element => "difference-card";

    private protected override string[] StyleSections => ["record", "card", "difference"];

    private string First => VisibleText.Of(Difference.First.Name);

    private string Second => VisibleText.Of(Difference.Second.Name);

    private string Verdict =>
        Difference.IsEmpty
            ? "They do the same, whatever they are called."
            : $"{Numbers.Of(Difference.Differences.Count(), "part")} of {Difference.Parts.Count} differ{(Difference.Differences.Count() == 1 ? "s" : "")}: {string.Join(", ", Difference.Differences.Select(p => p.Name))}.";

    private protected override void WriteHtml(HtmlWriter html)
    {
        html.Heading($"{First} against {Second}", Verdict);
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", $"{First} against {Second}"))
            .Open("table", ("class", "parts"));
        html.Element("caption", $"{First} against {Second}, part by part", ("class", "gone")).Open("thead").Open("tr");
        foreach (var heading in (ReadOnlySpan<string>)["part", First, Second])
            html.Element("th", heading, ("scope", "col"));
        html.Close().Close().Open("tbody", ("class", "rows")).Line();
        foreach (var part in Difference.Parts)
        {
            html.Open("tr", ("class", part.Differs ? "differs" : "same"));
            html.Open("th", ("scope", "row"))
                .Text(part.Differs ? "≠ " : "= ")
                .Term("b", part.Name)
                .Element("div", part.Question, ("class", "sub"))
                .Close();
            Side(html, First, part, part.FirstInWords, part.Line?.First);
            Side(html, Second, part, part.SecondInWords, part.Line?.Second);
            html.Close().Line();
        }
        html.Close().Close().Close().Line();
    }

    private static void Side(HtmlWriter html, string name, PartDifference part, string words, FormulaLine? line)
    {
        html.Open("td", ("data-name", name)).Text(words);
        if (part.Differs && line is not null)
            html.Open("div").Math(line).Close();
        html.Close();
    }

    private protected override void WriteText(TextPage page)
    {
        page.Line($"{First} against {Second}: {Verdict}");
        foreach (var part in Difference.Parts)
        {
            page.Line().Line($"{(part.Differs ? "≠" : "=")} {part.Name}: {part.Question}");
            if (!part.Differs)
            {
                page.Line($"    both: {part.FirstInWords}", indent: 6);
                continue;
            }
            Side(page, First, part.FirstInWords, part.Line?.First);
            Side(page, Second, part.SecondInWords, part.Line?.Second);
        }
    }

    private static void Side(TextPage page, string name, string words, FormulaLine? line)
    {
        page.Line($"    {name}: {words}", indent: 6);
        if (line is not null)
            page.Line($"      {line}", indent: 8);
    }
}
