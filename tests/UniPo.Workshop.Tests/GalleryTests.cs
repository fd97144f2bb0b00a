using System.Text.RegularExpressions;
using SkiaSharp;
using UniPo.Workshop.Gallery;
using UniPo.Workshop.Tests.Support;

namespace UniPo.Workshop.Tests;

/// <summary><c>workshop gallery</c>, and the pictures that are committed.</summary>
public sealed class GalleryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Committed => Path.Combine(Repository.Root, "docs", "gallery");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_view_becomes_a_page_and_a_picture_in_light_and_dark()
    {
        var call = await Call.Workshop(
            "gallery",
            "--only",
            "formula-card",
            "difference",
            "--output",
            _folder["pictures"],
            "--pages",
            _folder["pages"]
        );
        Assert.Equal("", call.Error);
        Assert.Contains("<unipo-formula-card", File.ReadAllText(_folder["pages/formula-card.html"]));
        Assert.Equal(
            ["difference-dark.webp", "difference-light.webp", "formula-card-dark.webp", "formula-card-light.webp"],
            Directory.GetFiles(_folder["pictures"]).Select(Path.GetFileName).Order()
        );
        Assert.True(Brightness("light") > 0.85, $"The light picture is {Brightness("light"):0.00} bright.");
        Assert.True(Brightness("dark") < 0.3, $"The dark picture is {Brightness("dark"):0.00} bright.");

        double Brightness(string theme)
        {
            // The commonest colour is the page's own.
            using var picture = SKBitmap.Decode(_folder[$"pictures/formula-card-{theme}.webp"]);
            var page = picture.Pixels.CountBy(c => c).MaxBy(c => c.Value).Key;
            return (page.Red + page.Green + page.Blue) / 765.0;
        }
    }

    [Fact]
    public async Task Pages_alone_need_no_browser()
    {
        var call = await Call.Workshop(
            "gallery",
            "--pages-only",
            "--only",
            "formula-card",
            "--output",
            _folder["pictures"],
            "--pages",
            _folder["pages"]
        );
        Assert.Equal(0, call.ExitCode);
        Assert.Equal("formula-card: page", call.Output[..18]);
        Assert.False(Directory.Exists(_folder["pictures"]));
    }

    [Fact]
    public async Task A_view_that_does_not_exist_is_refused_with_those_that_do()
    {
        var call = await Call.Workshop("gallery", "--only", "painting");
        Assert.Equal(2, call.ExitCode);
        Assert.Contains("the views are token-table, learning-curves", call.Error);
    }

    [Fact]
    public void Every_view_of_the_library_has_its_picture()
    {
        var shown = Pictures.Of(new GallerySamples(CancellationToken.None)).Select(p => p.Name).ToArray();
        Assert.Equal(shown.Distinct(), shown);
        Assert.All(
            shown.SelectMany(n => new[] { $"{n}-light.webp", $"{n}-dark.webp" }),
            file => Assert.True(File.Exists(Path.Combine(Committed, file)), $"{file} is missing; make it with: workshop gallery")
        );
        Assert.All(
            shown,
            name =>
                Assert.Contains(
                    $"({name}-light.webp)",
                    File.ReadAllText(Path.Combine(Committed, "README.md"))
                        .Replace($"src=\"{name}-light.webp\"", $"({name}-light.webp)")
                )
        );
    }

    [Fact]
    public void Pictures_stay_small() =>
        Assert.All(Directory.GetFiles(Committed, "*.webp"), file => Assert.InRange(new FileInfo(file).Length, 1_000, 200 * 1024));

    [Fact]
    public void Pictures_of_the_README_exist()
    {
        var named = Regex
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")), @"docs/gallery/[a-z-]+\.webp")
            .Select(m => m.Value)
            .ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, path => Assert.True(File.Exists(Path.Combine(Repository.Root, path)), path));
    }
}
