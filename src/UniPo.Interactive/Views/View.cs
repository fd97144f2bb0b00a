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
    public string ToHtml() => Scripts.ForView() + Markup();

    /// <summary>The view alone, without the script.</summary>
    internal string Markup()
    {
        var html = new HtmlWriter();
        html.Open("unipo-" + Element, ("class", Theme.Root)).Line();
        html.Style(Theme.Rules([.. StyleSections, "words", "contrast"])).Line();
        WriteHtml(html);
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
        WriteText(page);
        return page.ToString();
    }

    /// <summary>Name of the view's element, for instance <c>token-table</c>.</summary>
    private protected abstract string Element { get; }

    /// <summary>Sections of the style sheet the view uses.</summary>
    private protected abstract string[] StyleSections { get; }

    /// <summary>Writes what stands inside the view's element.</summary>
    private protected abstract void WriteHtml(HtmlWriter html);

    /// <summary>Writes the text twin.</summary>
    private protected abstract void WriteText(TextPage page);

    /// <summary>What the script needs to add interaction; null for a view that stays static.</summary>
    private protected virtual JsonObject? Payload() => null;
}

/// <summary>A view that only has something to say: why there is no picture.</summary>
internal sealed record Sentence(string Says) : View
{
    private protected override string Element => "sentence";

    private protected override string[] StyleSections => [];

    private protected override void WriteHtml(HtmlWriter html) =>
        html.Element("p", VisibleText.Of(Says, 2000), ("class", "note"));

    private protected override void WriteText(TextPage page) => page.Line(VisibleText.Of(Says, 2000));
}
