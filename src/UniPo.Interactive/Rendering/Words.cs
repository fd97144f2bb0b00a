namespace UniPo.Interactive;

/// <summary>
/// Explains the words of a view with the texts of the glossary: as a tooltip where the word stands, and once more at the end of the
/// view, where readers without a mouse find it, too.
/// </summary>
internal static class Words
{
    /// <summary>An element with a word; the glossary's text becomes its tooltip where it explains the word.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="element">Name of the element.</param>
    /// <param name="text">What stands in it.</param>
    /// <param name="word">The glossary's word for it; null for the text itself.</param>
    /// <param name="attributes">Further attributes.</param>
    public static HtmlWriter Term(
        this HtmlWriter html,
        string element,
        string text,
        string? word = null,
        params ReadOnlySpan<(string Name, string? Value)> attributes
    ) => html.Element(element, text, [.. attributes, ("title", html.Explained(word ?? text))]);

    /// <summary>A metric's name; the end of the view says what it means, and a script makes that its tooltip.</summary>
    public static HtmlWriter Term(this HtmlWriter html, string element, Metric metric)
    {
        html.Explain(VisibleText.Of(metric.Label), VisibleText.Of(metric.Meaning, 400));
        return html.Element(element, metric.Label);
    }

    /// <summary>
    /// The glossary's text for a word, which from now on the end of the view has, too; null for a word it does not explain, and
    /// for one that has its tooltip already: an output must stay small.
    /// </summary>
    public static string? Explained(this HtmlWriter html, string word) =>
        Glossary.FindOrNull(word) is { } term && html.Explain(term.Name, term.Meaning) ? term.Meaning : null;

    /// <summary>Writes the words that a view has used, folded; nothing where it used none.</summary>
    public static void WriteAll(HtmlWriter html)
    {
        if (html.Explanations.Count == 0)
            return;
        html.Open("details", ("class", "words")).Element("summary", "Words used here").Open("dl").Line();
        foreach (var (word, meaning) in html.Explanations)
            html.Open("div").Element("dt", word).Element("dd", meaning).Close().Line();
        html.Close().Close().Line();
    }
}
