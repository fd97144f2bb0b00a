using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Ganss.Xss;

namespace UniPo.Cli.Pages;

/// <summary>
/// Cleans HTML that this run has not made: prose, and outputs that came with a notebook. What is left can be read and does nothing.
/// </summary>
/// <remarks>
/// No script, no style, no frame, no form, no address that a page would load by itself. The views' own elements, classes and data
/// pass, so that they look and work as they should: their style sheet and their script come from this program.
/// </remarks>
internal sealed partial class SafeHtml
{
    private const int DeepestNesting = 400;

    private readonly HtmlSanitizer _sanitizer;
    private readonly Func<string, string?> _address;
    private readonly Func<string, string?> _picture;

    /// <summary>Prepares the rules of a page.</summary>
    /// <param name="address">The address a link shall have, given the one it has; null for none.</param>
    /// <param name="picture">The <c>data:</c> address of a picture, given what stands in its place; null when there is none.</param>
    public SafeHtml(Func<string, string?> address, Func<string, string?> picture)
    {
        (_address, _picture) = (address, picture);
        _sanitizer = new HtmlSanitizer(
            new HtmlSanitizerOptions
            {
                AllowedTags = new HashSet<string>(SafeNames.Elements, StringComparer.OrdinalIgnoreCase),
                AllowedAttributes = new HashSet<string>(SafeNames.Attributes, StringComparer.OrdinalIgnoreCase),
                UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase),
            }
        )
        {
            AllowDataAttributes = true,
        };
        _sanitizer.RemovingTag += (_, removal) => removal.Cancel = IsViewElement(removal.Tag) || IsData(removal.Tag);
        _sanitizer.PostProcessDom += (_, page) =>
        {
            foreach (var image in page.Document.QuerySelectorAll("img").ToList())
                SetPicture(image);
            foreach (var element in page.Document.QuerySelectorAll("[href],[src]").ToList())
                SetAddress(element);
        };
    }

    /// <summary>The HTML without anything that acts; null when it is nested too deeply to be read.</summary>
    public string? Clean(string html) => Nesting(html) <= DeepestNesting ? _sanitizer.Sanitize(html) : null;

    private static bool IsViewElement(IElement element) => ViewName().IsMatch(element.LocalName);

    // The data of a view, written anew: a browser does not run it, and it cannot close its element.
    private static bool IsData(IElement element)
    {
        if (element.LocalName != "script" || element.ClassName != "unipo-payload")
            return false;
        try
        {
            if (JsonNode.Parse(element.TextContent)?.ToJsonString() is not { } data)
                return false;
            element.TextContent = data;
            element.SetAttribute("type", "application/json");
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    // A picture that is not beside the notebook stays a link with its description: the page loads nothing.
    private void SetPicture(IElement image)
    {
        var source = image.GetAttribute("src") ?? "";
        if (_picture(source) is { } inside)
        {
            image.SetAttribute("src", inside);
            return;
        }

        var link = image.Owner!.CreateElement("a");
        link.TextContent = image.GetAttribute("alt") is { Length: > 0 } words ? words : "a picture that is not here";
        link.SetAttribute("href", source);
        image.Replace(link);
    }

    private void SetAddress(IElement element)
    {
        if (element.LocalName == "img")
            return;
        element.RemoveAttribute("src");
        if (element.GetAttribute("href") is not { } written)
            return;
        element.RemoveAttribute("href");
        if (element.LocalName != "a" || SafeNames.Address(written) is not { } safe || _address(safe) is not { } address)
            return;
        element.SetAttribute("href", address);
        if (address.Contains("://", StringComparison.Ordinal))
            element.SetAttribute("rel", "noopener noreferrer");
    }

    // Browsers cut at 512 levels; whoever walks a tree of 100,000 levels by recursion ends the process.
    private static int Nesting(string html)
    {
        var (depth, deepest) = (0, 0);
        foreach (var tag in Tag().EnumerateMatches(html))
        {
            depth = html[tag.Index + 1] == '/' ? Math.Max(0, depth - 1) : depth + 1;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    [GeneratedRegex("</?(?!(img|br|hr|input|wbr|col)\\b)[a-zA-Z]", RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    [GeneratedRegex("^unipo-[a-z-]+$")]
    private static partial Regex ViewName();
}
