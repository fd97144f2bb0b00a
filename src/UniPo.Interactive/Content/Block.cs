namespace UniPo.Interactive;

/// <summary>
/// A piece of what a view says. The same piece is written as HTML and as text, so that both twins tell the same facts.
/// </summary>
internal abstract record Block
{
    /// <summary>Writes the piece as HTML.</summary>
    public abstract void Write(HtmlWriter html);

    /// <summary>Writes the piece as text.</summary>
    public abstract void Write(TextPage page);
}

/// <summary>What is shown and, smaller, what of it.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="Sub">How much, of whom, or what to make of it; null for nothing.</param>
internal sealed record Heading(string Title, string? Sub = null) : Block
{
    /// <inheritdoc/>
    public override void Write(HtmlWriter html) => html.Heading(Title, Sub);

    /// <inheritdoc/>
    public override void Write(TextPage page) =>
        page.Line(
            Sub is null ? Title
            : Sub.EndsWith('.') ? $"{Title}: {Sub}"
            : $"{Title} ({Sub})"
        );
}

/// <summary>Sentences below a picture: what qualifies it.</summary>
/// <param name="Sentences">One paragraph each.</param>
internal sealed record Notes(IEnumerable<string> Sentences) : Block
{
    /// <summary>One sentence.</summary>
    public Notes(string sentence)
        : this([sentence]) { }

    /// <inheritdoc/>
    public override void Write(HtmlWriter html)
    {
        foreach (var sentence in Sentences)
            html.Element("p", sentence, ("class", "note")).Line();
    }

    /// <inheritdoc/>
    public override void Write(TextPage page)
    {
        var first = true;
        foreach (var sentence in Sentences)
        {
            if (first)
                page.Gap();
            first = false;
            page.Line(sentence);
        }
    }
}

/// <summary>A picture, and the words or numbers that stand for it in text.</summary>
/// <param name="Draw">Draws it.</param>
/// <param name="Say">Says it; null where the text says it elsewhere.</param>
internal sealed record Picture(Action<HtmlWriter> Draw, Action<TextPage>? Say = null) : Block
{
    /// <inheritdoc/>
    public override void Write(HtmlWriter html) => Draw(html);

    /// <inheritdoc/>
    public override void Write(TextPage page) => Say?.Invoke(page);
}

/// <summary>Something folded away in HTML; the text has it open.</summary>
/// <param name="Summary">What the fold is called.</param>
/// <param name="Inside">What it holds.</param>
internal sealed record Fold(string Summary, Block Inside) : Block
{
    /// <inheritdoc/>
    public override void Write(HtmlWriter html)
    {
        html.Open("details").Element("summary", Summary).Line();
        Inside.Write(html);
        html.Close().Line();
    }

    /// <inheritdoc/>
    public override void Write(TextPage page) => Inside.Write(page);
}
