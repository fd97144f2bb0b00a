namespace UniPo.Cli.Running;

/// <summary>The last words of a runtime that gave up, cut to what the author of a cell can use.</summary>
internal static class CrashText
{
    private const int MostLines = 12;

    private static readonly string[] _machinery =
    [
        "at UniPo.Cli",
        "at System.Runtime.CompilerServices",
        "at System.Threading",
        "at Program",
        "--- End of stack",
        "at <Program>",
        "MoveNext()",
        "<Factory>",
        "-----",
    ];

    /// <summary>The lines that speak of the cell.</summary>
    public static IReadOnlyList<string> Readable(IReadOnlyList<string> lines)
    {
        var told = lines
            .Where(line => line.Length > 0 && !_machinery.Any(m => line.Contains(m, StringComparison.Ordinal)))
            .ToList();
        return told.Count <= MostLines ? told : [.. told.Take(MostLines), $"… and {told.Count - MostLines} more lines."];
    }
}
