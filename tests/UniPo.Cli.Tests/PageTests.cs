using System.Text.RegularExpressions;

namespace UniPo.Cli.Tests;

/// <summary>The pages that <c>unipo run --html</c> writes.</summary>
[Collection(nameof(FolderRun))]
public sealed partial class PageTests(FolderRun run)
{
    private string Page(string name) => File.ReadAllText(Path.Combine(run.Output, name));

    [Theory]
    [InlineData("index.html")]
    [InlineData("01-good.html")]
    [InlineData("03-fault.html")]
    public void A_page_loads_nothing(string name)
    {
        var html = Page(name);
        Assert.DoesNotMatch(Loading(), html);
        Assert.Contains("default-src 'none'", html);
    }

    [Fact]
    public void Outputs_of_views_stand_in_the_page_as_they_are() =>
        Assert.Contains("<p class=\"card\">&lt;b&gt;</p><script>window.ran = true</script>", Page("01-good.html"));

    [Fact]
    public void Code_is_coloured_without_script() =>
        Assert.Contains("<span class=\"k\">var</span> three = <span class=\"n\">3</span>;", Page("01-good.html"));

    [Fact]
    public void A_page_has_landmarks_a_skip_link_and_one_title()
    {
        foreach (var html in new[] { Page("index.html"), Page("01-good.html"), Page("03-fault.html") })
        {
            Assert.Contains("<html lang=\"en\">", html);
            Assert.Contains("<a class=\"skip\" href=\"#content\">", html);
            Assert.Contains("<main id=\"content\"", html);
            Assert.Single(Regex.Matches(html, "<h1[ >]"));
        }
    }

    [Fact]
    public void The_contents_list_leads_to_the_headings()
    {
        var html = Page("01-good.html");
        Assert.Contains("<a href=\"#first-part\">First part</a>", html);
        Assert.Contains("<h2 id=\"first-part\">First part</h2>", html);
    }

    [Fact]
    public void Links_between_notebooks_become_links_between_pages() =>
        Assert.Contains("<a href=\"02-crash.html#cell-1\">the next</a>", Page("01-good.html"));

    [Fact]
    public void The_index_tells_title_first_sentence_and_outcome()
    {
        var html = Page("index.html");
        Assert.Contains("<a href=\"01-good.html\">A good lesson</a>", html);
        Assert.Contains("<p>It shows everything.</p>", html);
        Assert.Contains("✓ passed", html);
        Assert.Contains("✗ failed in <a href=\"03-fault.html#cell-3\">cell 3</a>", html);
        Assert.Contains("1 of 3 passed", html);
    }

    [Fact]
    public void An_error_is_escaped_and_marked() =>
        Assert.Contains(
            "<pre class=\"text error\" tabindex=\"0\">IndexOutOfRangeException: Index was outside",
            Page("03-fault.html")
        );

    [GeneratedRegex(
        """(\ssrc\s*=\s*["']?(?!data:))|<link\s|@import|url\(\s*["']?(?!data:|#)|\bimport\s*\(|fetch\(|XMLHttpRequest""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Loading();
}
