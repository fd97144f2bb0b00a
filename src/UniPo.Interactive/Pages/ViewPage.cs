using System.Net;

namespace UniPo.Interactive.Pages;

/// <summary>A part of a page: views under a heading.</summary>
/// <param name="Heading">Its heading; null for a page of one part.</param>
/// <param name="Views">What it shows, top to bottom.</param>
internal sealed record PageSection(string? Heading, params IReadOnlyList<View> Views);

/// <summary>Views on a page of their own.</summary>
internal static class ViewPage
{
    /// <summary>A page of one part.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="views">What it shows, top to bottom.</param>
    public static string Write(string title, IReadOnlyList<View> views) => Write(title, new PageSection(null, views));

    /// <summary>The complete page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="sections">Its parts; those with a heading are listed at the top.</param>
    public static string Write(string title, params IReadOnlyList<PageSection> sections) => Write(title, [], sections);

    /// <summary>The complete page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="notes">Sentences below the title.</param>
    /// <param name="sections">Its parts; those with a heading are listed at the top.</param>
    public static string Write(string title, IReadOnlyList<string> notes, IReadOnlyList<PageSection> sections)
    {
        var html = new PageContent();
        html.Add($"<h1>{WebUtility.HtmlEncode(title)}</h1>\n");
        foreach (var note in notes)
            html.Add($"<p>{WebUtility.HtmlEncode(VisibleText.Of(note))}</p>\n");
        html.Add(Contents(sections));
        for (var i = 0; i < sections.Count; i++)
        {
            if (sections[i].Heading is { } heading)
                html.Add($"<h2 id=\"part-{i + 1}\">{WebUtility.HtmlEncode(heading)}</h2>\n");
            foreach (var view in sections[i].Views)
                html.AddWithScripts($"<div class=\"output\">{view.Markup()}</div>\n");
        }

        return PageFrame.Write(
            title,
            "<header></header>",
            html,
            $"<p>Made by UniPo {WidgetBundle.Version}. This page loads nothing from a network.</p>",
            wide: true
        );
    }

    private static string Contents(IReadOnlyList<PageSection> sections)
    {
        if (sections.Count(s => s.Heading is not null) < 2)
            return "";
        var links = sections.Select(
            (s, i) => s.Heading is { } heading ? $"<li><a href=\"#part-{i + 1}\">{WebUtility.HtmlEncode(heading)}</a></li>" : ""
        );
        return $"<nav class=\"parts\" aria-label=\"Contents\"><ul>{string.Concat(links)}</ul></nav>\n";
    }
}
