namespace UniPo.Cli.Running;

/// <summary>Looks at the memory of a notebook while a cell runs, and ends its processes when it is too much.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;

    public MemoryWatch(CellProcess process, long bytes) => _watching = Watch(process, bytes);

    /// <summary>The bytes that were too much; null when all was well.</summary>
    public long? Found { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task Watch(CellProcess process, long bytes)
    {
        using var timer = new PeriodicTimer(_pause);
        while (await timer.WaitForNextTickAsync(_over.Token))
        {
            if (process.Memory is var taken && taken <= bytes)
                continue;
            Found = taken;
            process.Kill();
            return;
        }
    }
}
