using System.Net;
using UniPo.Interactive;

namespace UniPo.Cli.Pages;

/// <summary>Views on a page of their own.</summary>
internal static class ViewPage
{
    /// <summary>The complete page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="views">What it shows, top to bottom.</param>
    public static string Write(string title, IReadOnlyList<View> views) => PageFrame.Write(
        title, "<header></header>",
        $"<h1>{WebUtility.HtmlEncode(title)}</h1>\n{string.Concat(views.Select(v => $"<div class=\"output\">{v.ToHtml()}</div>\n"))}",
        $"<p>Made by unipo {ProductVersion.OfThisBuild}. This page loads nothing from a network.</p>");
}
