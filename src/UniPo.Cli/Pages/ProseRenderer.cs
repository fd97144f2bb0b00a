using System.Collections.ObjectModel;
using System.Net;
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
internal sealed class ProseRenderer
{
    private readonly string _folder;
    private readonly SafeHtml _safe;
    private IReadOnlyDictionary<string, string> _attachments = ReadOnlyDictionary<string, string>.Empty;

    public ProseRenderer(string folder)
    {
        _folder = folder;
        _safe = new SafeHtml(Localize, FindPicture);
    }

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

    /// <summary>The HTML of one markdown cell; HTML in it is cleaned.</summary>
    /// <param name="markdown">Its text.</param>
    /// <param name="attachments">Pictures that were pasted into the cell, by name, in base64.</param>
    public string Render(string markdown, IReadOnlyDictionary<string, string>? attachments = null)
    {
        _attachments = attachments ?? ReadOnlyDictionary<string, string>.Empty;
        try
        {
            var document = Markdown.Parse(markdown, _pipeline);
            foreach (var heading in document.Descendants<HeadingBlock>())
                Name(heading);
            return _safe.Clean(document.ToHtml(_pipeline)) ?? AsText(markdown);
        }
        catch (ArgumentException)
        {
            return AsText(markdown); // Markdig gives up where quotes or lists are nested without end.
        }
    }

    /// <summary>HTML that came with a notebook, cleaned; null when it cannot be.</summary>
    public string? Clean(string html) => _safe.Clean(html);

    /// <summary>The paragraphs of a text; none when it cannot be read.</summary>
    public static IEnumerable<ParagraphBlock> Paragraphs(string markdown)
    {
        try
        {
            return Markdown.Parse(markdown).Descendants<ParagraphBlock>().ToList();
        }
        catch (ArgumentException)
        {
            return []; // nested without end
        }
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

    private static string AsText(string markdown) => $"<pre>{WebUtility.HtmlEncode(markdown)}</pre>";

    private string? FindPicture(string source)
    {
        const string attachment = "attachment:";
        var name = Uri.UnescapeDataString(source);
        if (name.StartsWith(attachment, StringComparison.OrdinalIgnoreCase))
            return _attachments.TryGetValue(name[attachment.Length..], out var pasted)
                ? EmbeddedPicture.FromBase64(pasted)
                : null;
        return EmbeddedPicture.FromAddress(source) ?? EmbeddedPicture.FromFile(_folder, name);
    }

    // A link to another lesson leads to its page.
    private static string Localize(string address)
    {
        var end = address.IndexOfAny(['#', '?']) is >= 0 and var found ? found : address.Length;
        return
            !address.Contains("://", StringComparison.Ordinal)
            && address[..end].EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase)
            ? string.Concat(address.AsSpan(0, end - ".ipynb".Length), ".html", address.AsSpan(end))
            : address;
    }
}
