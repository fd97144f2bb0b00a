using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace UniPo.Cli.Running;

/// <summary>
/// On Windows, the job that holds the process of a notebook and all that it starts: closing the job ends them, also when this program
/// is killed. Elsewhere it does nothing.
/// </summary>
internal sealed partial class WindowsJob : IDisposable
{
    private const int ExtendedLimits = 9;
    private const uint KillOnClose = 0x2000;

    private readonly SafeFileHandle? _job;

    /// <summary>Puts a process into a job of its own.</summary>
    /// <exception cref="Win32Exception">Windows refuses it.</exception>
    public WindowsJob(Process process)
    {
        if (!OperatingSystem.IsWindows())
            return;
        _job = CreateJobObjectW(0, null);
        var limits = new JobLimits { LimitFlags = KillOnClose };
        if (
            _job.IsInvalid
            || !SetInformationJobObject(_job, ExtendedLimits, ref limits, Marshal.SizeOf<JobLimits>())
            || !AssignProcessToJobObject(_job, process.Handle)
        )
            throw new Win32Exception();
    }

    public void Dispose() => _job?.Dispose();

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateJobObjectW(nint security, string? name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(SafeFileHandle job, int kind, ref JobLimits limits, int size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(SafeFileHandle job, nint process);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION of the Windows headers.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct JobLimits
    {
        public long ProcessTime;
        public long JobTime;
        public uint LimitFlags;
        public nuint MinimumWorkingSet;
        public nuint MaximumWorkingSet;
        public uint ActiveProcesses;
        public nuint Affinity;
        public uint Priority;
        public uint Scheduling;
        public ulong ReadOperations;
        public ulong WriteOperations;
        public ulong OtherOperations;
        public ulong ReadBytes;
        public ulong WrittenBytes;
        public ulong OtherBytes;
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint PeakProcessMemory;
        public nuint PeakJobMemory;
    }
}
