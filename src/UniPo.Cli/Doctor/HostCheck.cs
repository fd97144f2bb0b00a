namespace UniPo.Cli.Doctor;

/// <summary>Which programs on this machine can open the notebooks.</summary>
internal static class HostCheck
{
    private static readonly string[] _extensions =
    [
        "ms-dotnettools.dotnet-interactive-vscode",
        "ms-toolsai.jupyter",
        "ms-dotnettools.csharp",
    ];

    /// <summary>Looks.</summary>
    public static async Task<IReadOnlyList<Finding>> Run()
    {
        var tools = await ShellCommand.Ask(DotNetHost.Path, "tool", "list", "--global") ?? "";
        List<Finding> findings =
        [
            Tool(tools, ".NET Interactive", "microsoft.dotnet-interactive"),
            Tool(tools, "Verso", "verso"),
            await Code(),
        ];
        if (findings.TrueForAll(f => f.Severity == Severity.Absent))
            findings.Add(
                new Finding(
                    "notebook hosts",
                    "none found; unipo run executes the notebooks without one",
                    Severity.Notice,
                    "To edit them, open the folder in VS Code with an extension that runs C# notebooks."
                )
            );
        return findings;
    }

    /// <summary>The finding for a tool in the list that <c>dotnet tool list</c> prints.</summary>
    public static Finding Tool(string list, string label, string id)
    {
        var line = list.Split('\n').FirstOrDefault(l => l.StartsWith(id, StringComparison.OrdinalIgnoreCase));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var version, ..]
            ? new Finding(label, version)
            : new Finding(label, "not found", Severity.Absent);
    }

    private static async Task<Finding> Code()
    {
        var version = await ShellCommand.Ask("code", "--version");
        if (version is null)
            return new Finding("VS Code", "not found", Severity.Absent);
        var installed = (await ShellCommand.Ask("code", "--list-extensions") ?? "").Split('\n', StringSplitOptions.TrimEntries);
        var known = installed
            .Where(e =>
                _extensions.Contains(e, StringComparer.OrdinalIgnoreCase)
                || e.Contains("verso", StringComparison.OrdinalIgnoreCase)
            )
            .ToList();
        return new Finding(
            "VS Code",
            $"{version.Split('\n')[0].Trim()}, {(known.Count > 0 ? string.Join(", ", known) : "no extension for C# notebooks")}"
        );
    }
}
