using UniPo.Engine;

namespace UniPo.Numerics;

/// <summary>
/// Where the arithmetic runs: how many threads, how wide the vectors. Results do not depend on it, to the last bit.
/// </summary>
/// <remarks>
/// Its threads wait a moment for more work, then sleep: an idle policy costs no processor time. Several policies may share one.
/// </remarks>
public sealed class Compute
{
    /// <summary>A number of threads, and the widest vectors the processor offers.</summary>
    /// <param name="threads">Threads that work together, the calling one included; at least 1.</param>
    /// <param name="vectorBits">512, 256, 128, or 32 for no vectors; null for the widest there is.</param>
    /// <exception cref="ArgumentOutOfRangeException">No thread, or a width that does not exist.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor or runtime does not offer the width.</exception>
    public Compute(int threads, int? vectorBits = null)
    {
        if (threads is < 1 or > 256)
            throw new ArgumentOutOfRangeException(nameof(threads), $"Threads must lie in [1, 256], but was {threads}.");
        Threads = threads;
        Kernels = vectorBits is { } bits ? Kernels.For(bits) : Kernels.Widest;
        if (threads > 1)
            Workers = new WorkerThreads(threads - 1);
    }

    /// <summary>Ends the threads of an instance that nobody holds any longer.</summary>
    ~Compute() => Workers?.Stop();

    /// <summary>What policies use unless told otherwise: all processors, up to four, and the widest vectors.</summary>
    public static Compute Shared { get; } = new(Math.Min(Environment.ProcessorCount, 4));

    /// <summary>Threads that work together, the calling one included.</summary>
    public int Threads { get; }

    /// <summary>Bits of a vector register in use: 512, 256, 128, or 32 for one number at a time.</summary>
    public int VectorBits => Kernels.VectorBits;

    internal Kernels Kernels { get; }

    /// <summary>The other threads; null when there is only the caller.</summary>
    internal WorkerThreads? Workers { get; }

    /// <summary>Threads that wait for work without using a processor.</summary>
    internal int SleepingThreads => Workers?.Asleep ?? 0;

    /// <summary>Does all parts of the work, on several threads where that helps, and returns when they are done.</summary>
    /// <param name="work">Parts may run in any order and at the same time.</param>
    /// <param name="parts">At least 0.</param>
    internal void Run(IParallelWork work, int parts)
    {
        if (parts < 2 || Workers is null || !Workers.TryRun(work, parts))
            for (var part = 0; part < parts; part++)
                work.Do(part, worker: 0);
    }
}
