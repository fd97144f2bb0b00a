using System.Net;
using System.Text;
using UniPo.Cli.Notebooks;
using UniPo.Interactive.Pages;

namespace UniPo.Cli.Pages;

/// <summary>A link to another page.</summary>
internal sealed record PageLink(string Title, string Address);

/// <summary>One executed notebook as one page that needs nothing else.</summary>
/// <param name="notebook">The executed notebook.</param>
internal sealed class NotebookPage(Notebook notebook)
{
    private readonly ProseRenderer _prose = new(Path.GetDirectoryName(notebook.Path)!);
    private readonly PageContent _content = new();
    private int _slides;

    /// <summary>The cells whose outputs this run has made; those of all others came with the file and are cleaned.</summary>
    public IReadOnlySet<NotebookCell> Executed { get; init; } = new HashSet<NotebookCell>();

    /// <summary>The page of all lessons; null for a page that stands alone.</summary>
    public PageLink? Index { get; init; }

    /// <summary>The lesson before; null for the first.</summary>
    public PageLink? Previous { get; init; }

    /// <summary>The lesson after; null for the last.</summary>
    public PageLink? Next { get; init; }

    /// <summary>How the run went, in words; null when unknown.</summary>
    public string? Run { get; init; }

    /// <summary>True when nothing has run: the page says so at its top.</summary>
    public bool IsStored { get; init; }

    /// <summary>True for a page that shows one section at a time.</summary>
    public bool AsSlides { get; init; }

    /// <summary>The complete page.</summary>
    public string ToHtml()
    {
        foreach (var cell in notebook.Cells)
        {
            if (AsSlides && Slides.Begins(cell))
                _content.Add(_slides++ == 0 ? Slides.Open : Slides.Close + Slides.Open);
            if (cell.IsMarkdown)
                _content.Add($"<div class=\"prose\">{_prose.Render(cell.Source, cell.Attachments)}</div>\n");
            else if (cell.IsCode)
                AppendCode(cell);
        }

        if (_slides > 0)
        {
            _content.Add(Slides.Close);
            _content.AddWithScripts(Slides.Script);
        }

        var title = _prose.Headings.FirstOrDefault(h => h.Level == 1)?.Text;
        var heading = title is null ? $"<h1>{WebUtility.HtmlEncode(notebook.Title)}</h1>\n" : "";
        return PageFrame.Write(title ?? notebook.Title, Navigation(), _content.StartingWith(Notice() + heading), Footer());
    }

    private string Notice() =>
        IsStored
            ? "<p class=\"notice\" role=\"note\">Outputs stored in the notebook, from an earlier run; nothing has been executed here.</p>\n"
            : "";

    private void AppendCode(NotebookCell cell)
    {
        if (cell.Source.Length == 0 && cell.Outputs.Count == 0)
            return;
        var label =
            cell.Has(CellTag.Parameters) ? "Parameters: change these and run again"
            : cell.Has(CellTag.SkipExecution) ? "Not run"
            : null;
        _content.Add($"<section class=\"cell\" id=\"cell-{cell.Number}\" aria-label=\"Code cell {cell.Number}\">\n");
        if (label is not null)
            _content.Add($"<p class=\"label\">{label}</p>\n");
        _content.Add(
            $"<pre class=\"code\" tabindex=\"0\"><code>{CodeHighlighter.Highlight(cell.Source.TrimEnd())}</code></pre>\n"
        );
        var (renderer, isOwn) = (new OutputRenderer(_prose), Executed.Contains(cell));
        foreach (var output in cell.Outputs)
        {
            var html = $"<div class=\"output\">{renderer.Render(output, isOwn)}</div>\n";
            if (isOwn)
                _content.AddWithScripts(html);
            else
                _content.Add(html);
        }

        _content.Add("</section>\n");
    }

    private string Navigation()
    {
        var html = new StringBuilder("<header>");
        if (Index is not null || Previous is not null || Next is not null)
        {
            html.Append("<nav class=\"lessons\" aria-label=\"Lessons\">");
            if (Previous is not null)
                html.Append(Link(Previous, "prev", "← "));
            if (Index is not null)
                html.Append(Link(Index, "index", ""));
            if (Next is not null)
                html.Append(Link(Next, "next", "→ "));
            html.Append("</nav>");
        }

        html.Append("</header>\n");
        var sections = _prose.Headings.Where(h => h.Level is 2 or 3).ToList();
        if (sections.Count < 2)
            return html.ToString();
        var list = string.Concat(
            sections.Select(h =>
                $"<li class=\"level{h.Level}\"><a href=\"#{WebUtility.HtmlEncode(h.Id)}\">{WebUtility.HtmlEncode(h.Text)}</a></li>"
            )
        );

        // On a wide page the list stands beside the text, on a narrow one it folds; a style sheet shows one of the two.
        html.Append($"<nav class=\"contents wide\" aria-label=\"Contents\"><p>Contents</p><ol>{list}</ol></nav>\n");
        html.Append(
            $"<nav class=\"contents narrow\" aria-label=\"Contents\"><details><summary>Contents</summary><ol>{list}</ol></details></nav>"
        );
        return html.ToString();
    }

    private string Footer()
    {
        var run = Run is null ? "" : $"<p class=\"run\">{WebUtility.HtmlEncode(Run)}</p>";
        return $"{run}<p>Made from {WebUtility.HtmlEncode(notebook.Name)} by unipo {ProductVersion.OfThisBuild}. This page loads nothing from a network.</p>";
    }

    private static string Link(PageLink link, string kind, string mark) =>
        $"<a class=\"{kind}\" href=\"{WebUtility.HtmlEncode(link.Address)}\">{mark}{WebUtility.HtmlEncode(link.Title)}</a>";
}
