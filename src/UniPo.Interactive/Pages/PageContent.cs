using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace UniPo.Interactive.Pages;

/// <summary>
/// The main part of a page, and the scripts that may run on it: the browser is told their hashes and runs no other, wherever it may
/// come from.
/// </summary>
internal sealed partial class PageContent
{
    // What only a view that the script can make interactive carries. Text of readers is escaped, so it cannot look like this.
    private const string Payload = "class=\"unipo-payload\"";
    private const string RootOfView = "class=\"unipo\"";

    private readonly StringBuilder _html = new();
    private readonly HashSet<string> _hashes = [];
    private string? _bundle;
    private bool _hasForeignViews;

    /// <summary>The script of the views as this program brings it.</summary>
    public static string ViewScript => WidgetBundle.Code;

    /// <summary>Adds HTML of this program, or HTML that was cleaned; no script in it runs.</summary>
    public void Add(string html)
    {
        _hasForeignViews |= html.Contains(RootOfView, StringComparison.Ordinal);
        _html.Append(html);
    }

    /// <summary>Adds HTML that this run has made, with its scripts; the script of the views stands once on a page.</summary>
    public void AddWithScripts(string html)
    {
        // An output may come from another version of the views; its own script knows its data best.
        if (Bundle().Matches(html).LastOrDefault() is { } brought)
        {
            _bundle = brought.Value;
            html = Bundle().Replace(html, "");
        }

        foreach (Match script in Script().Matches(html))
            Allow(script.Groups["code"].Value);
        _html.Append(html);
    }

    /// <summary>Puts a heading before everything else.</summary>
    public PageContent StartingWith(string html)
    {
        _html.Insert(0, html);
        return this;
    }

    /// <summary>The style sheet of the views where outputs that were cleaned have lost theirs; otherwise empty.</summary>
    public string Style => _hasForeignViews ? Theme.AllRules : "";

    /// <summary>What the browser is told of scripts: the list of those that run.</summary>
    public string Policy => _hashes.Count == 0 ? "'none'" : string.Join(' ', _hashes.Order(StringComparer.Ordinal));

    /// <summary>
    /// The HTML with the script of the views at its end when one of them needs it: the page is readable before the script is read.
    /// Everything must have been added.
    /// </summary>
    public string ToHtml()
    {
        var html = _html.ToString();
        var bundle = _bundle ?? (html.Contains(Payload, StringComparison.Ordinal) ? WidgetBundle.Element : null);
        if (bundle is null)
            return html;
        Allow(Script().Match(bundle).Groups["code"].Value);
        return $"{html}\n{bundle}";
    }

    private void Allow(string code)
    {
        // The browser hashes what it has read, and it reads every line break as one character.
        var read = code.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _hashes.Add($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(read)))}'");
    }

    [GeneratedRegex("""<script data-unipo-bundle="[^"]*">.*?</script>""", RegexOptions.Singleline)]
    private static partial Regex Bundle();

    [GeneratedRegex(
        @"<script\b(?![^>]*application/json)[^>]*>(?<code>.*?)</script\s*>",
        RegexOptions.Singleline | RegexOptions.IgnoreCase
    )]
    private static partial Regex Script();
}
