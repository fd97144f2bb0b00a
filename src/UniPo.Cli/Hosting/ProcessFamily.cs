using System.Runtime.InteropServices;

namespace UniPo.Cli.Hosting;

/// <summary>
/// Makes the process of a notebook the head of a family: whatever its cells start can be found and ended with it.
/// </summary>
internal static partial class ProcessFamily
{
    private const int SetChildSubreaper = 36;
    private const int Kill = 9;

    /// <summary>Called once by the process of a notebook, before its first cell.</summary>
    public static void Found()
    {
        if (OperatingSystem.IsWindows())
            return; // The parent has put it into a job.

        // A session of its own is a process group of its own, and keeps the keys of the terminal for the command itself.
        _ = setsid();

        // Linux hands orphans to the nearest ancestor that asks for them: not even `setsid program &` leaves the family.
        if (OperatingSystem.IsLinux())
            _ = prctl(SetChildSubreaper, 1, 0, 0, 0);
    }

    /// <summary>Ends this process and what its cells have started: the command that wanted the cells is gone.</summary>
    public static void End()
    {
        if (!OperatingSystem.IsWindows() && getpgrp() == Environment.ProcessId)
            _ = kill(0, Kill); // the whole group, this process included
        Environment.Exit(ExitCode.Success);
    }

    [LibraryImport("libc")]
    private static partial int setsid();

    [LibraryImport("libc")]
    private static partial int getpgrp();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument, nuint second, nuint third, nuint fourth);
}
