using System.Diagnostics;
using System.Reflection;
using UniPo.Cli;

namespace UniPo.Packages.Tests;

/// <summary>
/// The packages of this build in a folder of their own, far from the repository, with a package cache of their own: what a user has who
/// has nothing of UniPo but the packages.
/// </summary>
public sealed class PackedFeed : IAsyncLifetime
{
    /// <summary>Every package that is published, foundation first.</summary>
    internal static IReadOnlyList<string> Packages { get; } =
    [
        "UniPo.BaseModels",
        "UniPo",
        "UniPo.Trainers",
        "UniPo.Interactive",
        "UniPo.Plotly",
        "UniPo.TorchSharp",
        "UniPo.Cli",
        "UniPo.Templates",
    ];

    internal static string Repository { get; } =
        typeof(PackedFeed)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "RepositoryRoot")
            .Value!;

    /// <summary>The top folder; every test makes one of its own below it.</summary>
    internal string Root { get; } = Directory.CreateTempSubdirectory("unipo-packages-").FullName;

    internal string Feed => Path.Combine(Root, "feed");

    /// <summary>Version of the packages.</summary>
    internal static string Version => ProductVersion.OfThisBuild;

    public async Task InitializeAsync()
    {
        foreach (var project in Packages)
            await Pack(project, Feed);
        // Besides this folder the user's own sources stay: what UniPo depends on comes from there.
        await File.WriteAllTextAsync(
            Path.Combine(Root, "nuget.config"),
            """<configuration><packageSources><add key="unipo-local" value="feed" /></packageSources></configuration>"""
        );
        // Nothing above these folders may reach into them.
        foreach (var name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            await File.WriteAllTextAsync(Path.Combine(Root, name), "<Project />");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Packs a project as it was built.</summary>
    internal static async Task Pack(string project, string folder)
    {
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        string[] words = ["-c", configuration, "--no-build", "-v", "q", "-nologo", "-o", folder];
        var call = await Run(Repository, null, ["pack", Path.Combine(Repository, "src", project), .. words]);
        Assert.True(call.Code == 0, call.Said);
    }

    /// <summary>An empty folder for one test.</summary>
    internal string BareFolder(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    /// <summary>Calls <c>dotnet</c> there, as a user without any cached package of UniPo.</summary>
    internal Task<(int Code, string Said)> DotNet(string folder, params string[] words) => Run(folder, Root, words);

    private static async Task<(int Code, string Said)> Run(string folder, string? root, string[] words)
    {
        var start = new ProcessStartInfo(DotNetHost.Path, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        if (root is not null)
            start.Environment["NUGET_PACKAGES"] = Path.Combine(root, "cache");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}

/// <summary>All classes that use the packages share them.</summary>
[CollectionDefinition(Name)]
public sealed class Packed : ICollectionFixture<PackedFeed>
{
    public const string Name = "packed";
}
