using UniPo.Cli.Running;

namespace UniPo.Cli.Pages;

/// <summary>Writes a page for each notebook of a run, and the index.</summary>
internal static class PageSet
{
    /// <summary>Writes all pages into a folder and returns the path of the index.</summary>
    public static string Write(IReadOnlyList<NotebookResult> results, string folder)
    {
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            var depth = string.Concat(Enumerable.Repeat("../", IndexPage.AddressOf(result).Count(c => c == '/')));
            var page = new NotebookPage(result.Notebook)
            {
                Index = new PageLink("All lessons", depth + "index.html"),
                Previous = i > 0 ? LinkTo(results[i - 1], depth) : null,
                Next = i + 1 < results.Count ? LinkTo(results[i + 1], depth) : null,
                Run = RunOf(result),
            };
            Write(Path.Combine(folder, IndexPage.AddressOf(result)), page.ToHtml());
        }

        var index = Path.Combine(folder, "index.html");
        Write(index, IndexPage.ToHtml(results));
        return index;
    }

    private static PageLink LinkTo(NotebookResult result, string depth) =>
        new(result.Notebook.Title, depth + IndexPage.AddressOf(result));

    private static string RunOf(NotebookResult result) =>
        result.Stopped is { } stopped
            ? $"Stopped at cell {stopped.Cell.Number} after {ResultText.Seconds(result.Duration)}."
            : $"All {result.Cells.Count} code cells ran in {ResultText.Seconds(result.Duration)}.";

    private static void Write(string path, string html)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, html);
    }
}
