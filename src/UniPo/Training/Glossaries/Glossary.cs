using System.Text.RegularExpressions;

namespace UniPo;

/// <summary>
/// Every word of the course, explained once: for the glossary page, for tooltips, and for links in running text.
/// </summary>
/// <remarks>Metrics have a glossary of their own, <see cref="MetricGlossary"/>; the page shows both.</remarks>
/// <example><code>Glossary.Find("importance ratio").Meaning; foreach (var piece in Glossary.Mark(sentence)) …</code></example>
public static partial class Glossary
{
    /// <summary>The words by topic, in the order in which they are met.</summary>
    public static IReadOnlyList<GlossaryTopic> Topics { get; } =
    [Texts, Sampling, Rewards, Credit, Objectives, Distance, Sharing, Preferences, Training];

    /// <summary>All words, in the order of the topics.</summary>
    public static IReadOnlyList<GlossaryTerm> All { get; } = [.. Topics.SelectMany(t => t.Terms)];

    private static readonly Dictionary<string, GlossaryTerm> _byWord = ByWord();

    private static readonly Regex _anyWord = AnyWord();

    /// <summary>The entry of a word.</summary>
    /// <param name="word">The word or another name of it, case and a plural s do not matter.</param>
    /// <exception cref="KeyNotFoundException">The glossary does not explain the word.</exception>
    public static GlossaryTerm Find(string word) =>
        FindOrNull(word)
        ?? throw new KeyNotFoundException(
            $"The glossary does not explain '{word}'; it explains {string.Join(", ", All.Select(t => t.Name).Order(StringComparer.Ordinal))}."
        );

    /// <summary>The entry of a word; null when the glossary does not explain it. For names that come from data.</summary>
    /// <param name="word">The word or another name of it, case and a plural s do not matter.</param>
    public static GlossaryTerm? FindOrNull(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return _byWord.TryGetValue(word, out var term) || word.EndsWith('s') && _byWord.TryGetValue(word[..^1], out term)
            ? term
            : null;
    }

    /// <summary>Cuts a text at the words that the glossary explains, so that each can become a link or get a tooltip.</summary>
    /// <param name="text">A sentence or paragraph. Put together again, the pieces are the text.</param>
    /// <param name="except">A word that is not marked, because it is the one being explained; null for none.</param>
    /// <returns>Pieces; of a word that occurs several times, the first occurrence alone is marked.</returns>
    public static IReadOnlyList<GlossaryPassage> Mark(string text, GlossaryTerm? except = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (pieces, seen, from) = (new List<GlossaryPassage>(), new HashSet<GlossaryTerm>(), 0);
        if (except is not null)
            seen.Add(except);
        foreach (Match match in _anyWord.Matches(text))
        {
            var term = Find(match.Value);
            if (!seen.Add(term))
                continue;
            if (match.Index > from)
                pieces.Add(new GlossaryPassage(text[from..match.Index], null));
            pieces.Add(new GlossaryPassage(match.Value, term));
            from = match.Index + match.Length;
        }
        if (from < text.Length)
            pieces.Add(new GlossaryPassage(text[from..], null));
        return pieces;
    }

    private static Dictionary<string, GlossaryTerm> ByWord()
    {
        var words = new Dictionary<string, GlossaryTerm>(StringComparer.OrdinalIgnoreCase);
        foreach (var term in All)
        foreach (var word in term.Also.Prepend(term.Name))
            words.Add(word, term);
        return words;
    }

    // Longer words first, so that "importance ratio" is not read as "ratio".
    private static Regex AnyWord() =>
        new(
            @"(?<![\w-])(?:"
                + string.Join(
                    '|',
                    _byWord.Keys.OrderByDescending(w => w.Length).ThenBy(w => w, StringComparer.Ordinal).Select(Regex.Escape)
                )
                + @")s?(?![\w-])",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
        );
}
