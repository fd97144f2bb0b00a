namespace UniPo.Tests.Architecture;

/// <summary>A project and what it may use.</summary>
/// <param name="Name">Name of the project and of its folder.</param>
/// <param name="Uses">Projects that it may reference, directly or through another.</param>
/// <param name="Packages">Packages that it may reference.</param>
internal sealed record PlannedProject(string Name, string[] Uses, string[] Packages)
{
    /// <summary>
    /// Its folders, foundation first: a room may use itself and every room on an earlier line. Empty for a project whose folders
    /// are not ordered.
    /// </summary>
    public string[][] Rooms { get; init; } = [];

    /// <summary>Pairs of rooms on the same line of which the first may use the second.</summary>
    public (string From, string To)[] Neighbours { get; init; } = [];
}

/// <summary>The plan of the house: docs/architecture.md draws it, the arrow tests hold the sources to it.</summary>
internal static class HousePlan
{
    /// <summary>The library, its companions, the command line and the maintainers' tools.</summary>
    public static IReadOnlyList<PlannedProject> Projects { get; } =
    [
        new("UniPo.BaseModels", [], []),
        new("UniPo", ["UniPo.BaseModels"], ["MathNet.Numerics"])
        {
            Rooms =
            [
                ["Engine/Lanes", "Engine/Memory", "Engine/Threads"],
                ["Engine/Kernels"],
                ["Numerics", "Tokens", "Files"],
                ["Policies", "Tasks"],
                ["Engine/Weights"],
                ["Engine/Passes"],
                ["Rollouts", "Optimizers"],
                ["Formulas"],
                ["Objectives"],
                ["Algorithms"],
                ["Training"],
                ["Runs", "Statistics"],
            ],
            Neighbours = [("Tokens", "Numerics"), ("Statistics", "Runs")],
        },
        new("UniPo.Trainers", ["UniPo"], ["Parquet.Net"]),
        new("UniPo.Interactive", ["UniPo"], [])
        {
            Rooms =
            [
                ["Rendering", "Content", "Payloads", "Hosts", "Views"],
                ["Exercises", "Pages"],
            ],
            // A view names the formatter that hosts look for, and a host shows views; the content of a view is its payload's.
            Neighbours =
            [
                ("Views", "Rendering"),
                ("Views", "Content"),
                ("Views", "Pages"),
                ("Content", "Rendering"),
                ("Views", "Payloads"),
                ("Views", "Hosts"),
                ("Hosts", "Rendering"),
                ("Hosts", "Views"),
                ("Rendering", "Views"),
                ("Rendering", "Payloads"),
                ("Payloads", "Views"),
                ("Payloads", "Rendering"),
            ],
        },
        new("UniPo.TorchSharp", ["UniPo"], ["TorchSharp", "Microsoft.ML.Tokenizers"]),
        new(
            "UniPo.TorchSharp.Cli",
            ["UniPo", "UniPo.TorchSharp"],
            ["System.CommandLine", "libtorch-cpu-linux-x64", "libtorch-cpu-osx-arm64", "libtorch-cpu-win-x64"]
        ),
        new("UniPo.Plotly", ["UniPo", "UniPo.Interactive"], ["Plotly.NET"]),
        // What the templates hold is written for the packages, and is no part of the house.
        new("UniPo.Templates", [], []),
        new(
            "UniPo.Cli",
            ["UniPo", "UniPo.Interactive", "UniPo.Trainers"],
            [
                "HtmlSanitizer",
                "Markdig",
                "Microsoft.CodeAnalysis.CSharp",
                "Microsoft.DotNet.Interactive.Formatting",
                "Spectre.Console",
                "System.CommandLine",
            ]
        )
        {
            Rooms =
            [
                ["Files", "Terminal"],
                ["Hosting"],
                ["Notebooks"],
                ["Running"],
                ["Pages", "Reports", "Exporting", "Training", "Doctor"],
                ["Commands"],
            ],
        },
        new(
            "UniPo.Workshop",
            ["UniPo", "UniPo.Interactive", "UniPo.Trainers", "UniPo.Cli"],
            ["Microsoft.Playwright", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies", "System.CommandLine"]
        )
        {
            Rooms =
            [
                ["Docs", "Gallery", "Runs"],
                ["Commands"],
            ],
        },
    ];

    /// <summary>What a folder of the widgets' TypeScript may import from, besides itself.</summary>
    public static IReadOnlyDictionary<string, string[]> Scripts { get; } =
        new Dictionary<string, string[]>
        {
            ["core"] = [],
            ["dom"] = ["core"],
            ["plot"] = ["core", "dom"],
            ["views"] = ["core", "dom", "plot"],
            ["."] = ["core", "dom", "plot", "views"],
        };

    /// <summary>True if the plan lets one room use another; a room is <c>project/folder</c>, or the project alone.</summary>
    public static bool Allows(string from, string to)
    {
        if (from == to)
            return true;
        var (user, folder) = Split(from);
        var (used, usedFolder) = Split(to);
        if (user != used)
            return user.Uses.Contains(used.Name);
        // Files beside the folders are either the entrance, which knows every room, or what every room knows.
        if (folder.Length == 0 || usedFolder.Length == 0 || user.Rooms.Length == 0)
            return true;
        return user.Neighbours.Contains((folder, usedFolder)) || Line(user, usedFolder) < Line(user, folder);
    }

    /// <summary>The planned project of a room, and its folder.</summary>
    public static (PlannedProject Project, string Folder) Split(string room)
    {
        var parts = room.Split('/', 2);
        var project = Projects.SingleOrDefault(p => p.Name == parts[0]);
        Assert.True(project is not null, $"{parts[0]} is not in the plan of the house (HousePlan.Projects).");
        return (project, parts.Length > 1 ? parts[1] : "");
    }

    private static int Line(PlannedProject project, string folder) =>
        Array.FindIndex(project.Rooms, rooms => rooms.Contains(folder));
}
