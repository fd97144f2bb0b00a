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

    private protected override IEnumerable<Block> Blocks() =>
        [
            new Heading($"{First} against {Second}", Verdict),
            new Picture(
                new Grid(
                    $"{First} against {Second}, part by part",
                    [new("part") { Names = true }, new(First) { Narrow = First }, new(Second) { Narrow = Second }],
                    [.. Difference.Parts.Select(Part)]
                )
                {
                    TableKind = "parts",
                }.Write,
                Say
            ),
        ];

    private Row Part(PartDifference part) =>
        new(
            new Cell("")
            {
                Draw = html =>
                    html.Text(part.Differs ? "≠ " : "= ").Term("b", part.Name).Element("div", part.Question, ("class", "sub")),
            },
            Side(part, part.FirstInWords, part.Line?.First),
            Side(part, part.SecondInWords, part.Line?.Second)
        )
        {
            Kind = part.Differs ? "differs" : "same",
        };

    private static Cell Side(PartDifference part, string words, FormulaLine? line) =>
        new(words)
        {
            Draw = html =>
            {
                html.Text(words);
                if (part.Differs && line is not null)
                    html.Open("div").Math(line).Close();
            },
        };

    private void Say(TextPage page)
    {
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
