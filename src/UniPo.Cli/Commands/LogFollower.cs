namespace UniPo.Cli.Commands;

/// <summary>Does something whenever files have grown.</summary>
internal static class LogFollower
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>Shows at once, and again after each change, until cancelled.</summary>
    /// <param name="paths">Files or folders.</param>
    /// <param name="show">What is done.</param>
    /// <param name="error">Where a fault of one round goes: a file may be half written.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task Follow(IReadOnlyList<string> paths, Action show, TextWriter error, CancellationToken cancellation)
    {
        var before = "";
        while (!cancellation.IsCancellationRequested)
        {
            var now = State(paths);
            if (now != before)
            {
                before = now;
                try
                {
                    show();
                }
                catch (Exception fault) when (fault is UsageException or IOException)
                {
                    error.WriteLine($"Waiting: {fault.Message}");
                }
            }
            try
            {
                await Task.Delay(_pause, cancellation);
            }
            catch (OperationCanceledException)
            {
                return; // Ctrl+C is how following ends
            }
        }
    }

    /// <summary>Lengths and times of all files.</summary>
    internal static string State(IReadOnlyList<string> paths) =>
        string.Join(
            ";",
            paths
                .SelectMany(p =>
                    Directory.Exists(p) ? Directory.EnumerateFiles(p).Order(StringComparer.Ordinal) : (IEnumerable<string>)[p]
                )
                .Select(p => new FileInfo(p))
                .Select(f => f.Exists ? $"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}" : $"{f.FullName} -")
        );
}
