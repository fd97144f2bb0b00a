using System.Net;

namespace UniPo.Interactive.Pages;

/// <summary>What all pages share: head, style, landmarks. A page is one file and loads nothing.</summary>
internal static class PageFrame
{
    // The browser itself refuses every address but the page's own: a page that works here works offline.
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; object-src 'none'; script-src ";

    /// <summary>Where the command line puts the page's hash, by which it knows a page of its own that nobody has changed.</summary>
    public const string Mark = MarkPrefix + "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Begins the mark.</summary>
    public const string MarkPrefix = "unipo-made-";

    private static readonly Lazy<string> _style = new(ReadStyle);

    /// <summary>A complete page.</summary>
    /// <param name="title">Title, not escaped.</param>
    /// <param name="navigation">HTML between skip link and content.</param>
    /// <param name="content">The main part.</param>
    /// <param name="footer">HTML of the footer.</param>
    /// <param name="wide">True for a page of views, which take more room than prose.</param>
    public static string Write(string title, string navigation, PageContent content, string footer, bool wide = false)
    {
        var main = content.ToHtml();
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}{content.Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="unipo {WidgetBundle.Version} {Mark}">
            <meta name="color-scheme" content="light dark">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <style>
            {_style.Value}{content.Style}</style>
            </head>
            <body{(wide ? " class=\"wide\"" : "")}>
            <a class="skip" href="#content">Skip to the content</a>
            {navigation}
            <main id="content" tabindex="-1">
            {main}
            </main>
            <footer>{footer}</footer>
            </body>
            </html>

            """;
    }

    private static string ReadStyle()
    {
        using var stream = typeof(PageFrame).Assembly.GetManifestResourceStream("UniPo.Interactive.page.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
