namespace UniPo;

/// <summary>Keeps a second writer away from a run log, in this process or another, for as long as it is held.</summary>
/// <remarks>
/// The lock is the system's lock on an empty file beside the log, not the file itself: it ends with the process, however that
/// ends, so a file that a killed run left behind stops nobody. The log can be read all the time.
/// </remarks>
internal sealed class LogLock : IDisposable
{
    // How the systems report a file that somebody else has locked: EAGAIN of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] _sharingViolations = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private LogLock(FileStream file) => _file = file;

    /// <summary>Locks the log at this path, which need not exist yet; its folder must.</summary>
    /// <exception cref="IOException">Another run writes it, or nothing can be written in its folder.</exception>
    public static LogLock Take(string path)
    {
        var file = PathOf(path);
        while (true)
        {
            var held = new LogLock(Open(file, path));
            // Between opening and locking, the run before may have ended and removed the file: what is locked then has no name.
            if (File.Exists(file))
                return held;
            held.Dispose();
        }
    }

    /// <summary>The file that is locked. A log that is reached through a link has the lock of the file itself.</summary>
    public static string PathOf(string logPath) => FilePlace.Real(logPath) + ".lock";

    /// <summary>Unlocks the log and removes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static FileStream Open(string file, string path)
    {
        try
        {
            return new FileStream(
                file,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0,
                FileOptions.DeleteOnClose
            );
        }
        catch (IOException e) when (_sharingViolations.Contains(e.HResult))
        {
            throw new IOException(
                $"The log '{path}' is being written by another run. Wait until that run has ended, or choose another name.",
                e
            );
        }
    }
}
