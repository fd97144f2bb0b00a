using System.Text.RegularExpressions;

namespace UniPo.Interactive.Pages;

/// <summary>The script that adds interaction to views: once on a page, however many outputs brought it along.</summary>
internal static partial class PageScript
{
    // What only a view that the script can make interactive carries. Text of readers is escaped, so it cannot look like this.
    private const string Payload = "class=\"unipo-payload\"";

    /// <summary>
    /// The content with the script at its end when a view needs it: the page is readable before the script is read.
    /// </summary>
    public static string OnceIn(string content)
    {
        // A stored output may come from another version; its own script knows its data best.
        var brought = Element().Matches(content).LastOrDefault()?.Value;
        if (brought is not null)
            content = Element().Replace(content, "");
        else if (content.Contains(Payload, StringComparison.Ordinal))
            brought = WidgetBundle.Element;
        return brought is null ? content : $"{content}\n{brought}";
    }

    [GeneratedRegex("""<script data-unipo-bundle="[^"]*">.*?</script>""", RegexOptions.Singleline)]
    private static partial Regex Element();
}
