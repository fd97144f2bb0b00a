using System.Diagnostics;

namespace UniPo.Cli.Running;

/// <summary>Runs a set of notebooks, each in its own process, and writes their copies.</summary>
internal sealed class NotebookBatch(IReadOnlyList<NotebookFile> files, RunOptions options, IRunProgress progress)
{
    /// <summary>Runs all notebooks; results come in the order of the files, whoever was done first.</summary>
    /// <exception cref="UsageException">A copy would overwrite its original, or a parameter is wrong. Nothing was run or
    /// written.</exception>
    public async Task<IReadOnlyList<NotebookResult>> Run(CancellationToken cancellationToken)
    {
        ParameterSetter.Apply([.. files.Select(f => f.Notebook)], options);
        foreach (var file in files)
            CheckCopy(file);

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
                results[i] = await RunOne(i, processes, cancel);
                progress.Ends(results[i]);
            }
        );
        return results;
    }

    private async Task<NotebookResult> RunOne(int number, ProcessQueue processes, CancellationToken cancellationToken)
    {
        var file = files[number];
        var clock = Stopwatch.StartNew();
        file.Notebook.Write(CopyOf(file));
        if (options.PrepareOnly)
            return new NotebookResult(file.Notebook, file.RelativePath, [], clock.Elapsed);
        var process = await processes.Take(number, cancellationToken);
        var cells = await new NotebookRunner(file.Notebook, CopyOf(file), options.CellTimeout, progress).Run(
            process,
            cancellationToken
        );
        file.Notebook.Write(CopyOf(file));
        return new NotebookResult(file.Notebook, file.RelativePath, cells, clock.Elapsed);
    }

    private string CopyOf(NotebookFile file) => Path.GetFullPath(Path.Combine(options.Output, file.RelativePath));

    private void CheckCopy(NotebookFile file)
    {
        if (CopyOf(file) == file.Notebook.Path)
            throw new UsageException(
                $"--output {options.Output}: the executed copy would overwrite {file.Notebook.Path}; name another folder."
            );
    }
}
