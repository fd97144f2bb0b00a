using System.Text;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace UniPo.Cli.Pages;

/// <summary>A heading of the page, for its table of contents.</summary>
/// <param name="Level">1 for the title.</param>
/// <param name="Id">Anchor.</param>
/// <param name="Text">Words of the heading.</param>
internal sealed record PageHeading(int Level, string Id, string Text);

/// <summary>Renders the markdown cells of one page: unique anchors, pictures inside the page, links between lessons.</summary>
/// <param name="folder">The notebook's folder, where its pictures are.</param>
internal sealed class ProseRenderer(string folder)
{
    private static readonly MarkdownPipeline _pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras()
        .UseFootnotes()
        .Build();

    private readonly HashSet<string> _ids = [];
    private readonly List<PageHeading> _headings = [];

    /// <summary>The headings rendered so far.</summary>
    public IReadOnlyList<PageHeading> Headings => _headings;

    /// <summary>The HTML of one markdown cell.</summary>
    public string Render(string markdown)
    {
        var document = Markdown.Parse(markdown, _pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
            Name(heading);
        foreach (var link in document.Descendants<LinkInline>().ToList())
            Localize(link);
        return document.ToHtml(_pipeline);
    }

    /// <summary>The text of a paragraph or heading without its marks.</summary>
    public static string PlainText(ContainerInline? inline)
    {
        var text = new StringBuilder();
        foreach (var part in inline?.Descendants() ?? [])
            text.Append(
                part switch
                {
                    LiteralInline literal => literal.Content.ToString(),
                    CodeInline code => code.Content,
                    LineBreakInline => " ",
                    _ => "",
                }
            );
        return text.ToString();
    }

    private void Name(HeadingBlock heading)
    {
        var text = PlainText(heading.Inline);
        var slug = string.Join('-', new string([
                .. text.ToLowerInvariant()
                    .Select(c =>
                        char.IsLetterOrDigit(c) ? c
                        : c is ' ' or '-' ? ' '
                        : '\0'
                    ),
            ]).Replace("\0", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var id = Enumerable
            .Range(1, int.MaxValue)
            .Select(n => n == 1 ? slug : $"{slug}-{n}")
            .First(candidate => candidate.Length > 0 && _ids.Add(candidate));
        heading.GetAttributes().Id = id;
        _headings.Add(new PageHeading(heading.Level, id, text));
    }

    private void Localize(LinkInline link)
    {
        var url = link.Url ?? "";
        if (link.IsImage)
        {
            // A picture that is not beside the notebook stays a link with its description: the page loads nothing.
            if (ImageFile.AsDataAddress(Path.Combine(folder, Uri.UnescapeDataString(url))) is { } inside)
                link.Url = inside;
            else
                link.IsImage = false;
        }
        else if (
            !url.Contains("://", StringComparison.Ordinal)
            && url.Split('#') is [var file, .. var anchor]
            && file.EndsWith(".ipynb", StringComparison.Ordinal)
        )
            link.Url = string.Concat(
                file.AsSpan(0, file.Length - ".ipynb".Length),
                ".html",
                anchor.Length > 0 ? "#" + anchor[0] : ""
            );
    }
}
