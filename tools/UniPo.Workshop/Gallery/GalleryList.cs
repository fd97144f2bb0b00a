using System.Net;
using System.Text;

namespace UniPo.Workshop.Gallery;

/// <summary>The list of all pictures, as GitHub shows it: light or dark as the reader's system is.</summary>
internal static class GalleryList
{
    /// <summary>The list in markdown.</summary>
    public static string Write(IReadOnlyList<Picture> pictures)
    {
        var text = new StringBuilder(
            """
            # The views

            Made by `dotnet run -c Release --project tools/UniPo.Workshop -- gallery`, which trains the shipped base model, writes every view as a page of
            its own to `artifacts/gallery`, and takes these pictures of the pages. On the pages the controls work; nothing is loaded from a network.

            """.ReplaceLineEndings("\n")
        );
        foreach (var picture in pictures)
            text.Append($"\n## {picture.Title}\n\n`{picture.Code}`\n\n{Markup(picture, "")}\n");
        return text.ToString();
    }

    /// <summary>A picture that follows the reader's light or dark.</summary>
    /// <param name="picture">Which.</param>
    /// <param name="folder">Where it lies, with a slash at the end.</param>
    public static string Markup(Picture picture, string folder) =>
        $"""
            <picture>
              <source media="(prefers-color-scheme: dark)" srcset="{folder}{picture.Name}-dark.webp">
              <img alt="{WebUtility.HtmlEncode($"{picture.Title}: {picture.Says}")}" src="{folder}{picture.Name}-light.webp">
            </picture>
            """.ReplaceLineEndings("\n");
}
