using System.Text.RegularExpressions;

namespace UniPo.Interactive.Tests.Rendering;

/// <summary>Whatever a model writes is shown, never obeyed.</summary>
public sealed class EscapingTests
{
    [Theory]
    [
        InlineData("<script>alert(1)</script>"),
        InlineData("</style><script>alert(1)</script>"),
        InlineData("\"><img src=x onerror=alert(1)>"),
        InlineData("' onmouseover='alert(1)")
    ]
    [InlineData("<think>"), InlineData("&lt;b&gt;"), InlineData("<!--"), InlineData("]]>"), InlineData("javascript:alert(1)")]
    public void Markup_in_tokens_prompts_and_names_stays_text(string hostile)
    {
        var batch = Sample.Batch((hostile, hostile, [([hostile, "x"], 1, false), (["y"], 0, true)]));
        var run = Sample.Run(3) with
        {
            Header = Sample.Run().Header with { Algorithm = hostile, Task = hostile, Model = hostile },
            Stopped = hostile,
        };
        foreach (var view in (View[])[Sample.Grpo(batch).Tokens(), run.Curves(), run.Header.Show(), batch.Groups.Show()])
        {
            var body = Regex.Replace(
                view.ToHtml(),
                "<style>.*?</style>|<script type=\"application/json\" class=\"unipo-payload\">[^<>&]*</script>",
                "",
                RegexOptions.Singleline
            );
            Assert.DoesNotMatch(
                new Regex("<(script|img|think|!--)|<[^>]*\\son\\w+=", RegexOptions.IgnoreCase),
                Regex.Replace(body, "\"[^\"]*\"", "\"\"")
            );
            Assert.Contains(hostile, System.Net.WebUtility.HtmlDecode(body));
        }
    }

    [Theory]
    [
        InlineData(" ", "␣"),
        InlineData("\n", "↵"),
        InlineData("\t", "⇥"),
        InlineData("\0", "␀"),
        InlineData("\u001b", "␛"),
        InlineData("\u007f", "␡"),
        InlineData("", "∅")
    ]
    [
        InlineData("\u202e", "⟨U+202E⟩"),
        InlineData("\u200b", "⟨U+200B⟩"),
        InlineData("\ufeff", "⟨U+FEFF⟩"),
        InlineData("\u2028", "⟨U+2028⟩")
    ]
    [InlineData(" a", "␣a"), InlineData("é", "é"), InlineData("数", "数"), InlineData("👍", "👍")]
    public void Token_that_cannot_be_seen_gets_a_visible_name(string token, string shown) =>
        Assert.Equal(shown, VisibleText.OfToken(token));

    [Fact]
    public void Half_of_a_surrogate_pair_shows_as_the_replacement_character() =>
        Assert.Equal("\ufffdx", VisibleText.OfToken("\ud800x"));

    [Fact]
    public void Token_of_a_megabyte_is_cut_and_counted()
    {
        var html = Sample
            .Grpo(Sample.Batch(("p", null, [([new string('x', 1_000_000)], 1, false), (["y"], 0, false)])))
            .Tokens()
            .ToHtml();
        Assert.InRange(html.Length, 1000, 30_000);
        Assert.Contains("1000000 characters", html);
    }

    [Fact]
    public void Open_element_is_a_fault_of_the_view_and_is_named() =>
        Assert.Contains(
            "'table'",
            Assert.Throws<InvalidOperationException>(() => new HtmlWriter().Open("table").ToString()).Message
        );
}
