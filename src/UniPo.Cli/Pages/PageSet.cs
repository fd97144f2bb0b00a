using UniPo.Cli.Files;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Running;

namespace UniPo.Cli.Pages;

/// <summary>
/// The pages of a set of notebooks, and their index: first from the outputs that the files carry, then, one by one, from the run.
/// </summary>
internal sealed class PageSet
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly NotebookResult[] _results;

    /// <summary>Prepares the pages.</summary>
    /// <param name="files">The notebooks, in the order of the index.</param>
    /// <param name="folder">Where the pages go.</param>
    public PageSet(IReadOnlyList<NotebookFile> files, string folder)
    {
        _folder = folder;

        // Read anew, as they stand in their files: a parameter that is changed for the run has no outputs yet.
        _results =
        [
            .. files.Select(f => new NotebookResult(Notebook.Read(f.Notebook.Path), f.RelativePath, [], TimeSpan.Zero)
            {
                IsStored = true,
            }),
        ];
    }

    /// <summary>Path of the index.</summary>
    public string Index => Path.Combine(_folder, "index.html");

    /// <summary>Checks that every page can be written.</summary>
    /// <exception cref="UsageException">There is a file in the way.</exception>
    public void Check(bool overwrite)
    {
        foreach (var result in _results)
            OutputFile.Check("--output", PathOf(result), overwrite);
        OutputFile.Check("--output", Index, overwrite);
    }

    /// <summary>Writes all pages from what the files carry.</summary>
    public void WriteStored()
    {
        WriteIndex();
        Parallel.For(0, _results.Length, WritePage);
    }

    /// <summary>Writes the page of a notebook that has run, and the index.</summary>
    public void Replace(NotebookResult result)
    {
        lock (_lock)
        {
            var place = Array.FindIndex(_results, r => r.RelativePath == result.RelativePath);
            _results[place] = result;
            WritePage(place);
            WriteIndex();
        }
    }

    private void WritePage(int place)
    {
        var result = _results[place];
        var up = string.Concat(Enumerable.Repeat("../", IndexPage.AddressOf(result).Count(c => c == '/')));
        var page = new NotebookPage(result.Notebook)
        {
            Executed = result
                .Cells.Where(c => c.Outcome is CellOutcome.Passed or CellOutcome.Failed)
                .Select(c => c.Cell)
                .ToHashSet(),
            Index = new PageLink("All lessons", up + "index.html"),
            Previous = place > 0 ? LinkTo(_results[place - 1], up) : null,
            Next = place + 1 < _results.Length ? LinkTo(_results[place + 1], up) : null,
            Run = RunOf(result),
            IsStored = result.IsStored,
        };
        OutputFile.Write(PathOf(result), page.ToHtml());
    }

    private void WriteIndex() => OutputFile.Write(Index, IndexPage.ToHtml(_results));

    private string PathOf(NotebookResult result) => Path.Combine(_folder, Path.ChangeExtension(result.RelativePath, ".html"));

    private static PageLink LinkTo(NotebookResult result, string up) =>
        new(result.Notebook.Title, up + IndexPage.AddressOf(result));

    private static string RunOf(NotebookResult result) =>
        result.Stopped is { } stopped ? $"Stopped at cell {stopped.Cell.Number} after {ResultText.Seconds(result.Duration)}."
        : result.Cells.Count == 0 ? "Nothing was run: the outputs are those that the notebook carries."
        : $"All {result.Cells.Count} code cells ran in {ResultText.Seconds(result.Duration)}.";
}
