namespace UniPo.Cli.Doctor;

/// <summary>What only the tests and the pictures of the views need, and whether the shipped models can be read.</summary>
internal static class ToolCheck
{
    private const int NeededNode = 20;

    /// <summary>Looks.</summary>
    public static async Task<IReadOnlyList<Finding>> Run() =>
        [.. Models(), Browser(Chromium.Find()), Node(await ShellCommand.Ask("node", "--version"))];

    /// <summary>The finding for a Chromium at this path; null when there is none.</summary>
    public static Finding Browser(string? path) =>
        path is not null
            ? new Finding("Chromium", path)
            : new Finding(
                "Chromium",
                "not found; only ./test.sh and the gallery need it",
                Severity.Absent,
                "Debian and Ubuntu: apt-get install chromium. Elsewhere set UNIPO_CHROMIUM to its path."
            );

    /// <summary>The finding for what <c>node --version</c> said; null when it said nothing.</summary>
    public static Finding Node(string? version) =>
        version switch
        {
            null => new Finding(
                "Node.js",
                "not found; only ./test.sh needs it",
                Severity.Absent,
                $"Install Node.js {NeededNode} or later."
            ),
            _ when !int.TryParse(version.TrimStart('v').Split('.')[0], out var major) || major < NeededNode => new Finding(
                "Node.js",
                version,
                Severity.Notice,
                $"./test.sh needs Node.js {NeededNode} or later."
            ),
            _ => new Finding("Node.js", version),
        };

    private static IEnumerable<Finding> Models()
    {
        foreach (var model in BaseModel.All)
        {
            Finding finding;
            try
            {
                finding = new Finding(
                    $"base model {model.Name}",
                    $"{TinyTransformer.Load(model.Name).Parameters.Values.Length:n0} parameters"
                );
            }
            catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException or ArgumentException)
            {
                finding = new Finding(
                    $"base model {model.Name}",
                    fault.Message,
                    Severity.Blocks,
                    "Build again; the model is part of UniPo.dll."
                );
            }

            yield return finding;
        }
    }
}
