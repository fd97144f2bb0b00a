namespace UniPo;

/// <summary>
/// A word of the course in one or two plain sentences: the same text on the glossary page, in tooltips and beside formulas.
/// </summary>
/// <param name="Name">The word as the course writes it, for instance <c>importance ratio</c>.</param>
/// <param name="Meaning">What it means, for a reader who knows no reinforcement learning; one or two sentences.</param>
public sealed record GlossaryTerm(string Name, string Meaning)
{
    /// <summary>Its letter in formulas, for instance <c>r_it</c>; empty for none.</summary>
    public string Symbol { get; init; } = "";

    /// <summary>Other words for it, in papers, trainers or views; often empty.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>
    /// The word's place on the glossary page, as a link's fragment without the number sign: <c>importance-ratio</c>.
    /// </summary>
    public string Anchor =>
        string.Concat(Name.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-')).Replace(' ', '-');

    /// <summary>The word, its other names and its letter, then what it means.</summary>
    public override string ToString()
    {
        string[] beside =
        [
            .. Also.Count == 0 ? [] : new[] { "also " + string.Join(", ", Also) },
            .. Symbol.Length == 0 ? [] : new[] { Symbol },
        ];
        return $"{Name}{(beside.Length == 0 ? "" : $" ({string.Join("; ", beside)})")}: {Meaning}";
    }
}
