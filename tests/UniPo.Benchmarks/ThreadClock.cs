using System.Diagnostics;
using System.Runtime.InteropServices;

namespace UniPo.Benchmarks;

/// <summary>
/// Processor time of the calling thread: on a machine that others use too, it tells what the work costs, not how long it waited.
/// </summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3;

    /// <summary>Seconds of processor time; wall-clock time where the system does not tell it.</summary>
    public static double Seconds() =>
        OperatingSystem.IsLinux() && ClockGetTime(ThreadProcessorTime, out var time) == 0
            ? time.Seconds + (time.Nanoseconds * 1e-9)
            : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
