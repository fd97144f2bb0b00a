using System.Text;

namespace UniPo;

/// <summary>
/// Writes a file completely or not at all: into a new file beside it, flushed to the disk, then renamed. Whatever goes wrong before
/// the last moment (a full disk, an exception, a power cut) leaves the file that was there as it was.
/// </summary>
internal static class AtomicFile
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a text as UTF-8, without a byte order mark.</summary>
    /// <inheritdoc cref="Write(string, bool, Action{Stream})"/>
    public static void Write(string path, bool overwrite, string text) =>
        Write(path, overwrite, stream => stream.Write(_utf8.GetBytes(text)));

    /// <summary>Writes a file; folders that are missing are created.</summary>
    /// <param name="path">The file. A link, a folder, a pipe or a device is refused.</param>
    /// <param name="overwrite">True to replace a file that is there; its permissions stay.</param>
    /// <param name="write">Writes the content into the stream it is given.</param>
    /// <exception cref="IOException">The file cannot be written there, or exists and is not to be replaced.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        if (FilePlace.Fault(path, overwrite) is { } fault)
            throw new IOException(fault);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        FilePlace.RemoveLeftovers(path);
        var beside = FilePlace.Beside(path);
        try
        {
            // Others may rename but not open it, and it is renamed before it is closed: who cleans up can tell it from a leftover.
            using var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
            write(stream);
            stream.Flush(flushToDisk: true);
            if (!OperatingSystem.IsWindows() && File.Exists(path))
                File.SetUnixFileMode(beside, File.GetUnixFileMode(path));
            File.Move(beside, path, overwrite);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
