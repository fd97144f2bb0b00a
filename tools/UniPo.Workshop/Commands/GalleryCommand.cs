using System.CommandLine;
using UniPo.Cli;
using UniPo.Cli.Pages;
using UniPo.Workshop.Gallery;
using UniPo.Interactive.Pages;

namespace UniPo.Workshop.Commands;

/// <summary><c>workshop gallery</c>: every view as a page, and its picture in light and dark.</summary>
internal static class GalleryCommand
{
    private static readonly Option<string> _output = new("--output")
    {
        Description = "Folder of the pictures and their list.",
        DefaultValueFactory = _ => Path.Combine("docs", "gallery"),
    };
    private static readonly Option<string> _pages = new("--pages")
    {
        Description = "Folder of the pages.",
        DefaultValueFactory = _ => Path.Combine("artifacts", "gallery"),
    };
    private static readonly Option<bool> _pagesOnly = new("--pages-only")
    {
        Description = "Writes the pages and takes no pictures; needs no browser.",
    };
    private static readonly Option<string[]> _only = new("--only")
    {
        Description = "Names of single views.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        var command = new Command(
            "gallery",
            "Shows every view on a page of its own and photographs it in light and dark (about a minute; needs Chromium)."
        )
        {
            _output,
            _pages,
            _pagesOnly,
            _only,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Make(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static async Task<int> Make(ParseResult parsed, CancellationToken cancellationToken)
    {
        var all = Pictures.Of(new GallerySamples(cancellationToken));
        var only = parsed.GetRequiredValue(_only);
        foreach (var name in only)
            if (all.All(p => p.Name != name))
                throw new UsageException(
                    $"--only {name}: there is no such view; the views are {string.Join(", ", all.Select(p => p.Name))}."
                );
        var chosen = all.Where(p => only.Length == 0 || only.Contains(p.Name)).ToList();
        var (pictures, pages, output) = (
            parsed.GetRequiredValue(_output),
            parsed.GetRequiredValue(_pages),
            parsed.InvocationConfiguration.Output
        );

        // The browser is started before anything is trained: a machine without one shall say so at once.
        await using var photographer = parsed.GetValue(_pagesOnly) ? null : await Photographer.Start();
        Directory.CreateDirectory(pages);
        foreach (var picture in chosen)
        {
            var page = Path.Combine(pages, picture.Name + ".html");
            await File.WriteAllTextAsync(page, ViewPage.Write(picture.Title, [picture.View()]), cancellationToken);
            var sizes = photographer is null ? "" : await Photograph(photographer, page, picture, pictures, cancellationToken);
            await output.WriteLineAsync($"{picture.Name}: page {Kilobytes(new FileInfo(page).Length)}{sizes}");
        }

        if (photographer is not null && only.Length == 0)
            await File.WriteAllTextAsync(Path.Combine(pictures, "README.md"), GalleryList.Write(all), cancellationToken);
        return ExitCode.Success;
    }

    private static async Task<string> Photograph(
        Photographer photographer,
        string page,
        Picture picture,
        string folder,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(folder);
        var sizes = "";
        foreach (var theme in (string[])["light", "dark"])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = await photographer.Take(page, picture, dark: theme == "dark");
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{picture.Name}-{theme}.webp"), image, cancellationToken);
            sizes += $", {theme} {Kilobytes(image.Length)}";
        }

        return sizes;
    }

    private static string Kilobytes(long bytes) => $"{(bytes + 512) / 1024} KB";
}
