using System.Net;
using System.Text.RegularExpressions;
using Markdig.Syntax.Inlines;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Running;
using UniPo.Interactive.Pages;

namespace UniPo.Cli.Pages;

/// <summary>The list of all notebooks of a run: title, first sentence, time, and whether it passed.</summary>
internal static partial class IndexPage
{
    /// <summary>The complete page.</summary>
    public static string ToHtml(IReadOnlyList<NotebookResult> results)
    {
        var html = new PageContent();
        html.Add($"<h1>Lessons</h1>\n{Summary(results)}<ol class=\"index\">\n");
        foreach (var result in results)
            html.Add(Entry(result));
        html.Add("</ol>");
        return PageFrame.Write(
            "UniPo lessons",
            "<header></header>",
            html,
            $"<p>Made by unipo {ProductVersion.OfThisBuild}. These pages load nothing from a network.</p>"
        );
    }

    /// <summary>Where the page of a notebook lies, relative to the index.</summary>
    public static string AddressOf(NotebookResult result) =>
        string.Join(
            '/',
            Path.ChangeExtension(result.RelativePath, ".html").Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString)
        );

    /// <summary>The first sentence of the notebook's prose, marks removed; empty when it has none.</summary>
    public static string FirstSentence(Notebook notebook)
    {
        var paragraphs = notebook.Cells.Where(c => c.IsMarkdown).SelectMany(c => ProseRenderer.Paragraphs(c.Source));
        var text =
            paragraphs
                .Where(p => p.Inline is not { FirstChild: EmphasisInline { NextSibling: null } })
                .Select(p => ProseRenderer.PlainText(p.Inline).Trim())
                .FirstOrDefault(IsProse)
            ?? "";
        return SentenceEnd().Match(text) is { Success: true } end ? text[..(end.Index + 1)] : text;
    }

    // The line below a title that holds run time and prerequisites, in italics or separated by dots, says nothing of the subject.
    private static bool IsProse(string text) =>
        text.Length > 0 && !text.Contains('·', StringComparison.Ordinal) && !text.Contains('|', StringComparison.Ordinal);

    private static string Summary(IReadOnlyList<NotebookResult> results)
    {
        var run = results.Where(r => !r.IsStored).ToList();
        var total = ResultText.Seconds(TimeSpan.FromSeconds(run.Sum(r => r.Duration.TotalSeconds)));
        var rest = results.Count - run.Count;
        var passed = $"{run.Count(r => r.Passed)} of {results.Count} passed, {total} of run time.";
        return $"<p class=\"summary\">{passed}{(rest > 0 ? $" {rest} {(rest == 1 ? "shows" : "show")} stored outputs so far." : "")}</p>\n";
    }

    private static string Entry(NotebookResult result)
    {
        var state =
            result.Stopped is { } stopped
                ? $"<span class=\"failed\">✗ failed in <a href=\"{WebUtility.HtmlEncode(AddressOf(result))}#cell-{stopped.Cell.Number}\">cell {stopped.Cell.Number}</a></span>"
            : result.IsStored ? "<span>· stored outputs, not run yet</span>"
            : "<span class=\"passed\">✓ passed</span>";
        return $"""
            <li><h2><a href="{WebUtility.HtmlEncode(AddressOf(result))}">{WebUtility.HtmlEncode(result.Notebook.Title)}</a></h2>
            <p>{WebUtility.HtmlEncode(FirstSentence(result.Notebook))}</p>
            <p class="state">{state} <span>{ResultText.Seconds(
                result.Duration
            )}</span> <span>{result.Cells.Count} code cells</span></p></li>

            """;
    }

    [GeneratedRegex(@"[.?!](?=\s)")]
    private static partial Regex SentenceEnd();
}
