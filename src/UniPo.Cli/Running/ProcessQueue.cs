namespace UniPo.Cli.Running;

/// <summary>
/// Starts the process of the next notebook while one runs: its start costs seconds of compiler warm-up, and a core is often free.
/// </summary>
/// <param name="folders">The working directory of each notebook's process, in the order of the notebooks.</param>
/// <param name="ahead">How many processes may wait.</param>
/// <param name="withoutOwnBuild">True when UniPo is to come from a package.</param>
internal sealed class ProcessQueue(IReadOnlyList<string> folders, int ahead, bool withoutOwnBuild) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Task<CellProcess>?[] _started = new Task<CellProcess>?[folders.Count];
    private readonly bool[] _taken = new bool[folders.Count];

    /// <summary>The process of a notebook; from then on it belongs to the caller.</summary>
    public Task<CellProcess> Take(int notebook, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            for (var i = notebook; i <= Math.Min(notebook + ahead, folders.Count - 1); i++)
                _started[i] ??= CellProcess.Start(folders[i], withoutOwnBuild, cancellationToken);
            _taken[notebook] = true;
            return _started[notebook]!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < folders.Count; i++)
            if (
                !_taken[i]
                && _started[i] is { } waiting
                && await Task.WhenAny(waiting) is { IsCompletedSuccessfully: true } process
            )
                await process.Result.DisposeAsync();
    }
}
