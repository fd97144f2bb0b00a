using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace UniPo.Engine;

/// <summary>
/// Threads that take parts of a work beside the calling thread. Handing over costs about a microsecond while they are awake.
/// </summary>
/// <remarks>
/// The ticket holds (round, parts, next part) in one word. A part is taken by advancing the ticket with compare-and-swap; that
/// fails when the round has changed, so a thread that comes late can never take a part of one round with the work of another.
/// </remarks>
internal sealed class WorkerThreads
{
    private const int MaxParts = 1 << 16;
    private static readonly long Patience = Stopwatch.Frequency / 10_000; // 100 µs awake, then asleep
    private readonly SemaphoreSlim _wake = new(0);
    private IParallelWork? _work;
    private ExceptionDispatchInfo? _failure;
    private long _ticket;
    private int _busy,
        _done,
        _asleep,
        _running;
    private volatile bool _stopped;

    /// <summary>Starts the threads.</summary>
    public WorkerThreads(int helpers)
    {
        for (var i = 1; i <= helpers; i++)
        {
            var worker = i;
            _running++;
            new Thread(() => Serve(worker)) { IsBackground = true, Name = "UniPo compute " + worker }.Start();
        }
    }

    /// <summary>Threads that sleep.</summary>
    public int Asleep => Volatile.Read(ref _asleep);

    /// <summary>Threads that have not ended.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Does all parts; false when the crew is busy with another work, and nothing was done.</summary>
    public bool TryRun(IParallelWork work, int parts)
    {
        if (parts >= MaxParts || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            return false; // no lock: a part may start work of its own
        try
        {
            _work = work;
            _failure = null;
            _done = 0;
            var round = (Volatile.Read(ref _ticket) >>> 32) + 1;
            Interlocked.Exchange(ref _ticket, (round << 32) | ((long)parts << 16));
            var sleepers = Volatile.Read(ref _asleep);
            if (sleepers > 0)
                _wake.Release(sleepers);
            while (TakePart(worker: 0)) { }
            for (var spins = 0; Volatile.Read(ref _done) < parts; spins++)
                if (spins < 2000)
                    Thread.SpinWait(8);
                else
                    Thread.Yield(); // the other thread may be waiting for this processor
            _work = null;
            _failure?.Throw();
            return true;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Lets the threads end.</summary>
    public void Stop()
    {
        _stopped = true;
        _wake.Release(256);
    }

    private void Serve(int worker)
    {
        var since = Stopwatch.GetTimestamp();
        while (!_stopped)
        {
            if (TakePart(worker))
                since = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetTimestamp() - since < Patience)
                Thread.SpinWait(8);
            else
            {
                Sleep();
                since = Stopwatch.GetTimestamp();
            }
        }
        Interlocked.Decrement(ref _running);
    }

    private void Sleep()
    {
        Interlocked.Increment(ref _asleep);
        try
        {
            // Looking once more after announcing the sleep: work published in between would otherwise wake nobody.
            if (!HasPart(Interlocked.Read(ref _ticket)))
                _wake.Wait();
        }
        finally
        {
            Interlocked.Decrement(ref _asleep);
        }
    }

    private bool TakePart(int worker)
    {
        var ticket = Interlocked.Read(ref _ticket);
        if (!HasPart(ticket))
            return false;
        var work = Volatile.Read(ref _work);
        if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
            return true;
        try
        {
            work!.Do((int)(ticket & 0xFFFF), worker);
        }
        catch (Exception failure)
        {
            // Kept for the caller, who must not return before the other parts have ended.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
        }
        Interlocked.Increment(ref _done);
        return true;
    }

    private static bool HasPart(long ticket) => (ticket & 0xFFFF) < ((ticket >>> 16) & 0xFFFF);
}
