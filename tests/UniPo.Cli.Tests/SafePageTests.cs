using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using UniPo.Cli.Pages;
using UniPo.Interactive.Pages;
using UniPo.Cli.Tests.Support;
using UniPo.Interactive;

namespace UniPo.Cli.Tests;

/// <summary>A page of a notebook that somebody else wrote can be read and does nothing.</summary>
public sealed class SafePageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> HostileHtml =>
        [
            "<script>window.ran = 1</script>",
            "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
            "<script data-unipo-bundle=\"0.1.0\">window.ran = 1</script>",
            "<script type=\"application/json\" class=\"unipo-payload\">{\"a\": 1}</script><script>window.ran = 1</script>",
            "<script type=\"text/javascript\" class=\"unipo-payload\">window.ran = 1</script>",
            "<script type=\"module\" class=\"unipo-payload\">[1]</script>",
            "<img src=x onerror=\"window.ran = 1\">",
            "<svg onload=\"window.ran = 1\"><animate onbegin=\"window.ran = 1\" attributeName=x dur=1s></svg>",
            "<svg><script>window.ran = 1</script></svg>",
            "<svg><a xlink:href=\"javascript:window.ran=1\"><text>x</text></a><use href=\"https://evil.example/a.svg#b\"/></svg>",
            "<svg><image href=\"https://evil.example/a.png\"/><foreignObject><iframe src=\"https://evil.example\"></iframe></foreignObject></svg>",
            "<svg><style>@import url(https://evil.example/a.css);</style></svg>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=window.ran=1&gt;\">",
            "<math href=\"javascript:window.ran=1\"><maction actiontype=\"statusline\" xlink:href=\"javascript:window.ran=1\">x</maction></math>",
            "<iframe src=\"https://evil.example\"></iframe><iframe srcdoc=\"<script>parent.ran = 1</script>\"></iframe>",
            "<object data=\"https://evil.example/x.swf\"></object><embed src=\"https://evil.example/x\">",
            "<form action=\"https://evil.example\"><button formaction=\"javascript:window.ran=1\">go</button></form>",
            "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example\">",
            "<link rel=\"dns-prefetch\" href=\"//evil.example\"><link rel=stylesheet href=https://evil.example/a.css>",
            "<base href=\"https://evil.example/\"><a href=\"x\">x</a>",
            "<a href=\"javascript:window.ran=1\">x</a><a href=\" java\nscript:window.ran=1\">y</a><a href=\"JaVaScRiPt&colon;window.ran=1\">z</a>",
            "<a href=\"data:text/html,<script>1</script>\">x</a><a href=\"vbscript:x\">y</a><a href=\"file:///etc/passwd\">z</a>",
            "<a href=\"//evil.example\">x</a><a href=\"\\\\evil.example\\share\">y</a><a ping=\"https://evil.example\" href=\"#a\">z</a>",
            "<div style=\"background:url(https://evil.example/a.png)\">x</div><p style=\"position:fixed;inset:0\">y</p>",
            "<style>body { background: url(https://evil.example/a.png) }</style>",
            "<video src=https://evil.example/a.mp4 autoplay></video><audio src=https://evil.example/a.mp3></audio>",
            "<img src=\"https://evil.example/a.png\" srcset=\"https://evil.example/b.png 2x\"><picture><source srcset=https://evil.example/c></picture>",
            "<img src=\"data:image/svg+xml;base64,PHNjcmlwdD4xPC9zY3JpcHQ+\">",
            "<noscript><p title=\"</noscript><img src=x onerror=window.ran=1>\"></noscript>",
            "<template><script>window.ran = 1</script></template><unipo-x><script>window.ran = 1</script></unipo-x>",
            "<details ontoggle=\"window.ran = 1\" open><summary>x</summary></details><input autofocus onfocus=\"window.ran = 1\">",
            "</div></main></body></html><script>window.ran = 1</script>",
            "<textarea></textarea><title></title><xmp><script>window.ran = 1</script></xmp><plaintext>",
        ];

    [Theory]
    [MemberData(nameof(HostileHtml))]
    public void Nothing_of_a_stored_output_acts(string html) => AssertHarmless(PageOf(code: ("text/html", html)));

    [Theory]
    [MemberData(nameof(HostileHtml))]
    public void Nothing_of_prose_acts(string html) => AssertHarmless(PageOf(prose: html));

    [Theory]
    [MemberData(nameof(HostileHtml))]
    public void No_other_kind_of_output_brings_it_in(string html)
    {
        foreach (var type in new[] { "image/svg+xml", "text/markdown", "text/plain", "image/png", "application/javascript" })
            AssertHarmless(PageOf(code: (type, html)));
    }

    [Fact]
    public void A_picture_that_closes_its_attribute_is_none()
    {
        var page = PageOf(code: ("image/png", "iVBORw0KGgo=\" onerror=\"window.ran = 1"));
        Assert.DoesNotContain("onerror", page);
    }

    [Fact]
    public void A_view_keeps_its_drawing_its_data_and_its_look_and_gets_its_script_from_this_program()
    {
        var view = Sample().Tokens();
        var page = PageOf(code: ("text/html", view.ToHtml()));
        var document = new HtmlParser().ParseDocument(page);
        Assert.True(document.QuerySelectorAll("unipo-token-table svg rect, unipo-token-table td span").Length > 4);
        Assert.Single(document.QuerySelectorAll("script.unipo-payload"));
        Assert.Equal(PageContent.ViewScript, document.QuerySelector("script[data-unipo-bundle]")!.TextContent);
        Assert.Contains(".unipo.unipo.unipo{", page[..page.IndexOf("</head>", StringComparison.Ordinal)]);
    }

    [Fact]
    public void Pictures_come_only_from_the_folder_of_the_notebook()
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1];
        Directory.CreateDirectory(_folder["lessons/pictures"]);
        File.WriteAllBytes(_folder["secret.png"], png);
        File.WriteAllBytes(_folder["lessons/pictures/here it is.png"], png);
        File.WriteAllText(_folder["lessons/pictures/no.png"], "root:x:0:0");
        File.CreateSymbolicLink(_folder["lessons/link.png"], _folder["secret.png"]);
        File.CreateSymbolicLink(_folder["lessons/up"], _folder.Path);
        string? Of(string name) => EmbeddedPicture.FromFile(_folder["lessons"], name);

        Assert.StartsWith("data:image/png;base64,iVBOR", Of("pictures/here it is.png"));
        foreach (
            var name in new[]
            {
                "../secret.png",
                "link.png",
                "up/secret.png",
                _folder["secret.png"],
                "pictures/no.png",
                "pictures",
                "",
            }
        )
            Assert.Null(Of(name));
    }

    [Fact]
    public void A_picture_pasted_into_prose_is_shown()
    {
        var path = new NotebookBuilder().Prose("![pasted](attachment:a%20b.png)").Write(_folder.Path, "a.ipynb");
        File.WriteAllText(
            path,
            File.ReadAllText(path)
                .Replace(
                    "\"source\":",
                    "\"attachments\": {\"a b.png\": {\"image/png\": \"iVBORw0KGgoB\"}}, \"source\":",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            "<img src=\"data:image/png;base64,iVBORw0KGgoB\" alt=\"pasted\"",
            new NotebookPage(Notebooks.Notebook.Read(path)).ToHtml()
        );
    }

    [Fact]
    public void A_tree_without_end_is_shown_as_nothing_instead_of_ending_the_process()
    {
        var deep = string.Concat(Enumerable.Repeat("<b>", 200_000));
        Assert.Contains("</html>", PageOf(prose: deep, code: ("text/html", deep)));
        Assert.Contains("</html>", PageOf(prose: new string('>', 50_000) + "x"));
    }

    private static RolloutBatch Sample() =>
        Sampler.Sample(TinyTransformer.Load("addition"), Tasks.Addition(digits: 2), prompts: 1, group: 2, seed: 1);

    private string PageOf(string prose = "text", (string Type, string Text)? code = null)
    {
        var path = new NotebookBuilder()
            .Prose(prose)
            .Code("1", code is { } o ? [(o.Type, o.Text)] : [])
            .Write(_folder.Path, "a.ipynb");
        return new NotebookPage(Notebooks.Notebook.Read(path)).ToHtml();
    }

    internal static void AssertHarmless(string page)
    {
        var document = new HtmlParser().ParseDocument(page);
        foreach (var element in document.All)
        {
            Assert.DoesNotContain(element.Attributes, a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(
                element.LocalName,
                (string[])
                    [
                        "iframe",
                        "object",
                        "embed",
                        "form",
                        "link",
                        "base",
                        "animate",
                        "use",
                        "image",
                        "foreignobject",
                        "video",
                        "audio",
                        "source",
                    ]
            );
            if (element.GetAttribute("src") is { } source)
                Assert.StartsWith("data:image/", source);
            if (element.GetAttribute("href") is { } address)
                Assert.DoesNotMatch("(?i)^\\s*(javascript|data|vbscript|file|//|\\\\)", address);
            if (element.LocalName == "script")
                Assert.True(element.GetAttribute("type") == "application/json" || element.TextContent == PageContent.ViewScript);
            if (element.LocalName is "style" or "meta")
                Assert.Equal("head", element.ParentElement!.LocalName);
            Assert.Null(element.GetAttribute("style"));
        }

        Assert.Single(document.QuerySelectorAll("main"));
        Assert.DoesNotContain("script-src 'unsafe-inline'", page);
    }
}
