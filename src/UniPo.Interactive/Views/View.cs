using System.Text.Json.Nodes;
using UniPo.Interactive.Hosts;

namespace UniPo.Interactive;

/// <summary>
/// A picture of plain data, complete without script: HTML for a notebook, and the same facts as text of at most 100 columns.
/// </summary>
/// <remarks>
/// .NET Interactive finds the formatting attribute by its name, Verso finds <see cref="ToHtml"/>; both work for a trailing
/// expression and for <c>Display()</c>. Views are records: <c>view with { … }</c> is the same picture with another setting.
/// </remarks>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = ["text/html", "text/plain"])]
public abstract record View
{
    private protected View() { }

    /// <summary>The view as one HTML element that loads nothing and needs no script.</summary>
    /// <remarks>
    /// In a host that asks for it directly (Verso), the first view of a session brings the script that adds interaction.
    /// </remarks>
    public string ToHtml()
    {
        var markup = Markup();
        return Scripts.ForView(markup) + markup;
    }

    /// <summary>The view alone, without the script.</summary>
    internal string Markup()
    {
        var html = new HtmlWriter();
        html.Open("unipo-" + Element, ("class", Theme.Root)).Line();
        html.Style(Theme.Rules([.. StyleSections, "words", "contrast"])).Line();
        foreach (var block in Blocks())
            block.Write(html);
        Words.WriteAll(html);
        if (Payload() is { } payload)
            html.Payload(payload);
        html.Close();
        return html.ToString();
    }

    /// <summary>The view as plain text, at most 100 columns wide, with the same facts.</summary>
    public sealed override string ToString()
    {
        var page = new TextPage();
        foreach (var block in Blocks())
            block.Write(page);
        return page.ToString();
    }

    /// <summary>Writes the view as a page of its own: one file with its script, for light and dark, that loads nothing.</summary>
    /// <param name="path">Where to, for instance <c>curves.html</c>; a folder that is missing is made, a file that is there is
    /// replaced.</param>
    /// <param name="title">Title of the page; null for the first line of the view's text.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, string? title = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var page = Pages.ViewPage.Write(title ?? Title, [this]);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        File.WriteAllText(path, page);
    }

    private string Title => VisibleText.Of(Blocks().OfType<Heading>().FirstOrDefault()?.Title ?? ToString().Split('\n')[0], 100);

    /// <summary>Name of the view's element, for instance <c>token-table</c>.</summary>
    private protected abstract string Element { get; }

    /// <summary>Sections of the style sheet the view uses.</summary>
    private protected abstract string[] StyleSections { get; }

    /// <summary>What the view says, piece by piece.</summary>
    private protected abstract IEnumerable<Block> Blocks();

    /// <summary>What the script needs to add interaction; null for a view that stays static.</summary>
    private protected virtual JsonObject? Payload() => null;
}

/// <summary>A view that only has something to say: why there is no picture.</summary>
internal sealed record Sentence(string Says) : View
{
    private protected override string Element => "sentence";

    private protected override string[] StyleSections => [];

    private protected override IEnumerable<Block> Blocks() => [new Notes(VisibleText.Of(Says, 2000))];
}
