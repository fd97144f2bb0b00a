using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace UniPo;

/// <summary>Whether a file can be written at a path, asked before hours of work depend on it.</summary>
internal static class FilePlace
{
    /// <summary>What speaks against writing this file, as a sentence that names it; null when nothing does.</summary>
    /// <param name="path">The file to write. Nothing is created or changed.</param>
    /// <param name="overwrite">True when a file that is there may be replaced.</param>
    public static string? Fault(string? path, bool overwrite)
    {
        if (string.IsNullOrWhiteSpace(path))
            return "A file name is empty; name a file, such as run.jsonl.";
        if (path.Contains('\0', StringComparison.Ordinal))
            return "A file name holds the character U+0000, which no file system allows.";
        var name = Quote(path);
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
            return $"{name}: this is a folder; name a file in it.";
        if (new FileInfo(path).LinkTarget is { } target)
            return $"{name}: this is a link to {Quote(target)}; name the file itself.";
        if (File.Exists(path) && !IsPlainFile(path))
            return $"{name}: this is no ordinary file but a pipe, a socket or a device.";
        if (!overwrite && File.Exists(path))
            return $"{name}: this file exists and is not replaced; choose another name.";
        return FolderFault(path, name);
    }

    /// <summary>The path with every link in it followed, so that two names of one file are the same text.</summary>
    public static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (Target(real) is { } target)
                real = Path.GetFullPath(target);
        }

        return real;
    }

    /// <summary>A name for the file while it is written: in the same folder, short whatever the length of the name.</summary>
    internal static string Beside(string path) =>
        Path.Combine(FolderOf(path), $"{Prefix(path)}{Guid.NewGuid().ToString("N")[..12]}.part");

    /// <summary>Deletes what a killed process left behind when it wrote this file; a file that is being written stays.</summary>
    internal static void RemoveLeftovers(string path)
    {
        foreach (var part in Directory.EnumerateFiles(FolderOf(path), Prefix(path) + "*.part"))
            if (IsAbandoned(part))
                File.Delete(part);
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static string Prefix(string path) =>
        $".unipo-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(path))))[..12]}-";

    private static bool IsAbandoned(string part)
    {
        try
        {
            // Whoever writes it holds it open.
            using var stream = new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? FolderFault(string path, string name)
    {
        var folder = FolderOf(path);
        while (!Directory.Exists(folder))
        {
            if (File.Exists(folder) || new FileInfo(folder).LinkTarget is not null)
                return $"{name}: {Quote(folder)} is no folder.";
            folder = Path.GetDirectoryName(folder)!;
        }

        try
        {
            using var trial = new FileStream(
                Path.Combine(folder, Path.GetFileName(Beside(path))),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 0,
                FileOptions.DeleteOnClose
            );
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"{name}: nothing can be written in {Quote(folder)}; choose another folder, or mend its permissions.";
        }
    }

    // The framework tells what kind a file is only where it archives it. Pipes and devices have no length, so that nothing is copied.
    internal static bool IsPlainFile(string path)
    {
        if (OperatingSystem.IsWindows() || new FileInfo(path).Length > 0)
            return true;
        using var archive = new MemoryStream();
        try
        {
            using (var writer = new TarWriter(archive, leaveOpen: true))
                writer.WriteEntry(path, "file");
        }
        catch (IOException)
        {
            return false;
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;
    }

    private static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Real(target.FullName) : null;
        }
        catch (IOException)
        {
            return null; // A link that leads round in a circle leads nowhere.
        }
    }

    private static string Quote(string name) => name.Length <= 100 ? name : $"{name[..40]}…{name[^55..]}";
}
