using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using UniPo.Cli.Pages;

namespace UniPo.Cli.Tests;

/// <summary>Any text can stand in a code cell, so any text is shown.</summary>
public sealed class HighlighterTests
{
    private static readonly string[] _pieces =
    [
        .. "var x = y + . .Length ; ( ) { } [ ] < > \" ' $\" @\" \"\"\" // /* */ #if #r class int new A. a? ?. :: => \n \r\n \t // é 👍 \uD83D \uDC4D \0 0x 1e 'a' await @ \\u0041 ¤ <<<<<<< #! async record".Split(
            ' '
        ),
        " ",
        "\n",
    ];

    [Theory]
    [InlineData("var x = y +\n .Length;")]
    [InlineData(".")]
    [InlineData("x = .y.z")]
    [InlineData("A<.B>()")]
    [InlineData("#if\n#endif\n}}}}")]
    public void What_does_not_compile_is_shown_as_it_is(string code) =>
        Assert.Equal(Shown(code), TextOf(CodeHighlighter.Highlight(code)));

    [Fact]
    public void Three_thousand_random_texts_are_shown_as_they_are()
    {
        var random = new Random(20260115);
        for (var i = 0; i < 3000; i++)
        {
            var code = new StringBuilder();
            for (var n = random.Next(1, 25); n > 0; n--)
                code.Append(_pieces[random.Next(_pieces.Length)]).Append(random.Next(3) == 0 ? " " : "");
            Assert.Equal(Shown(code.ToString()), TextOf(CodeHighlighter.Highlight(code.ToString())));
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("A<")]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("!")]
    [InlineData("-(int)")]
    [InlineData("x ? ")]
    [InlineData("if (a) ")]
    [InlineData("a => ")]
    [InlineData("$\"{")]
    [InlineData("else ")]
    [InlineData("from x in ")]
    [InlineData("x = ")]
    [InlineData("await ")]
    [InlineData("new ")]
    [InlineData("int*")]
    public void What_is_nested_without_end_is_shown(string piece)
    {
        var code = string.Concat(Enumerable.Repeat(piece, 30_000));
        Assert.Equal(code, TextOf(CodeHighlighter.Highlight(code)));
    }

    private static string TextOf(string html) => WebUtility.HtmlDecode(Regex.Replace(html, "<[^>]*>", ""));

    // Half a pair of surrogates cannot be written to a file; HTML has a sign in its place.
    private static string Shown(string code) => WebUtility.HtmlDecode(WebUtility.HtmlEncode(code));
}
