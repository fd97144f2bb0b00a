using System.Diagnostics;
using UniPo.Cli.Files;

namespace UniPo.Cli.Running;

/// <summary>Runs a set of notebooks, each in its own process, and writes their copies.</summary>
internal sealed class NotebookBatch(IReadOnlyList<NotebookFile> files, RunOptions options)
{
    /// <summary>Checks everything that can be wrong before the first cell runs, and gives the notebooks their parameters.</summary>
    /// <exception cref="UsageException">A copy would overwrite an original or a stranger's file, or a parameter is wrong. Nothing was
    /// run or written.</exception>
    public void Prepare()
    {
        var originals = files.Select(f => f.Notebook.Path).ToList();
        foreach (var file in files)
            OutputFile.Check("--output", CopyOf(file), options.Overwrite, originals);
        ParameterSetter.Apply([.. files.Select(f => f.Notebook)], options);
    }

    /// <summary>Runs all notebooks; results come in the order of the files, whoever was done first.</summary>
    public async Task<IReadOnlyList<NotebookResult>> Run(IRunProgress progress, CancellationToken cancellationToken)
    {
        var results = new NotebookResult[files.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancellationToken };
        await using var processes = new ProcessQueue(
            [.. files.Select(f => Path.GetDirectoryName(f.Notebook.Path)!)],
            options.Jobs,
            options.FromPackages
        );
        await Parallel.ForAsync(
            0,
            files.Count,
            parallel,
            async (i, cancel) =>
            {
                results[i] = await RunOne(i, processes, progress, cancel);
                progress.Ends(results[i]);
            }
        );
        return results;
    }

    private async Task<NotebookResult> RunOne(
        int number,
        ProcessQueue processes,
        IRunProgress progress,
        CancellationToken cancellationToken
    )
    {
        var file = files[number];
        var clock = Stopwatch.StartNew();
        file.Notebook.WriteCopy(CopyOf(file));
        if (options.PrepareOnly)
            return new NotebookResult(file.Notebook, file.RelativePath, [], clock.Elapsed);
        var process = await processes.Take(number, cancellationToken);
        var cells = await new NotebookRunner(file.Notebook, CopyOf(file), options.Limits, progress).Run(
            process,
            cancellationToken
        );
        file.Notebook.WriteCopy(CopyOf(file));
        return new NotebookResult(file.Notebook, file.RelativePath, cells, clock.Elapsed);
    }

    private string CopyOf(NotebookFile file) => Path.GetFullPath(Path.Combine(options.Output, file.RelativePath));
}
