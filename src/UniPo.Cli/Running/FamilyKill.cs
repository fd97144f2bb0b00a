using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace UniPo.Cli.Running;

/// <summary>Ends the process of a notebook and everything that its cells have started.</summary>
internal static partial class FamilyKill
{
    /// <summary>Environment variable that marks the family; children inherit it.</summary>
    public const string Mark = "UNIPO_NOTEBOOK";

    private const int Kill = 9;
    private const int Stop = 19; // on Linux
    private const int Rounds = 50;

    /// <summary>Ends all of them; returns when none is left.</summary>
    /// <param name="head">The process of the notebook, alive or not.</param>
    /// <param name="mark">The value of <see cref="Mark"/> it was started with.</param>
    public static void End(Process head, string mark)
    {
        // Held still, the head starts nothing new and goes on inheriting orphans, so that all of them are found below it.
        var isAlive = !head.HasExited;
        if (OperatingSystem.IsLinux() && isAlive)
            _ = kill(head.Id, Stop);
        EndDescendants(head, mark);
        if (!OperatingSystem.IsWindows())
            _ = kill(-head.Id, Kill); // its process group
        if (isAlive)
            head.Kill(entireProcessTree: true);
        EndDescendants(head, mark);
    }

    private static void EndDescendants(Process head, string mark)
    {
        if (!OperatingSystem.IsLinux())
            return;
        for (var round = 0; round < Rounds && Living(head, mark) is { Count: > 0 } living; round++)
            foreach (var process in living)
                _ = kill(process, Kill);
    }

    /// <summary>Memory of the whole family, in bytes.</summary>
    public static long Memory(Process head)
    {
        head.Refresh();
        var own = head.HasExited ? 0 : head.WorkingSet64;
        return own + (OperatingSystem.IsLinux() ? Living(head, mark: null).Sum(ResidentBytes) : 0);
    }

    private static List<int> Living(Process head, string? mark)
    {
        var all = Processes();
        var family = new HashSet<int> { head.Id };
        while (all.Count(p => family.Contains(p.Parent) && family.Add(p.Id)) > 0) { }
        family.Remove(head.Id);
        if (mark is not null)
            family.UnionWith(all.Where(p => p.Id != head.Id && IsMarked(p.Id, mark)).Select(p => p.Id));
        return [.. family];
    }

    // /proc/ID/stat reads "ID (name) state parent …"; a name may hold blanks and parentheses.
    private static List<(int Id, int Parent)> Processes()
    {
        List<(int, int)> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                !int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || Read($"/proc/{id}/stat") is not { } stat
            )
                continue;
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 1 && fields[0] is not ("Z" or "X"))
                found.Add((id, int.Parse(fields[1], CultureInfo.InvariantCulture)));
        }

        return found;
    }

    private static bool IsMarked(int id, string mark) =>
        Read($"/proc/{id}/environ")?.Contains($"{Mark}={mark}\0", StringComparison.Ordinal) ?? false;

    private static long ResidentBytes(int id) =>
        Read($"/proc/{id}/statm")?.Split(' ') is [_, var pages, ..] && long.TryParse(pages, out var count)
            ? count * Environment.SystemPageSize
            : 0;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null; // gone meanwhile, or somebody else's
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
