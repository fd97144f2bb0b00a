using System.Diagnostics;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>
/// Notebooks far from the repository, in a host that has nothing of UniPo but the packages: a folder with a feed, and no more.
/// </summary>
public sealed class PackagedRunTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    [Theory]
    [InlineData("template.ipynb")]
    [InlineData("04-ppo.ipynb")]
    public async Task A_notebook_needs_the_package_and_nothing_else(string name)
    {
        File.Copy(Path.Combine(Repository.Root, "notebooks", name), feed.Folder[name], overwrite: true);
        var (code, said) = await feed.Run(name, "--packages", "--quick");
        Assert.True(code == 0, said);
        var notebook = Notebooks.Notebook.Read(feed.Folder[Path.Combine("done", name)]);
        Assert.All(notebook.Cells.Where(c => c.IsCode), c => Assert.NotNull(c.ExecutionCount));
    }

    [Fact]
    public async Task The_library_that_runs_is_the_one_of_the_package()
    {
        new NotebookBuilder()
            .Code("#r \"nuget: UniPo.Interactive, 0.2.0\"\nusing UniPo;\nConsole.Write(typeof(Algorithms).Assembly.Location);")
            .Code("Algorithms.Grpo")
            .Write(feed.Folder.Path, "where.ipynb");
        var (code, said) = await feed.Run("where.ipynb", "--packages");
        Assert.True(code == 0, said);
        var executed = new ExecutedNotebook(feed.Folder[Path.Combine("done", "where.ipynb")]);
        Assert.StartsWith($"stdout: {feed.Cache}", Assert.Single(executed.Story(1)));
        Assert.NotNull(executed.Outputs(2)[0]!["data"]!["text/html"]); // views come with the package, unasked
    }

    [Fact]
    public async Task Without_the_packages_nothing_of_UniPo_is_there()
    {
        new NotebookBuilder().Code("typeof(UniPo.Algorithms)").Write(feed.Folder.Path, "bare.ipynb");
        var (code, said) = await feed.Run("bare.ipynb", "--packages");
        Assert.Equal(1, code);
        Assert.Contains("Algorithms", said); // the compiler knows no such name
    }
}

/// <summary>A folder outside the repository with a freshly packed feed beside it, and a package cache of its own.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    internal TemporaryFolder Folder { get; } = new();

    internal string Cache => Folder["cache"];

    public async Task InitializeAsync()
    {
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        foreach (var project in new[] { "UniPo.BaseModels", "UniPo", "UniPo.Interactive" })
        {
            string[] words = ["-c", configuration, "--no-build", "-v", "q", "-nologo", "-o", Folder["feed"]];
            var (code, said) = await Start(["pack", Path.Combine(Repository.Root, "src", project), .. words], Repository.Root);
            Assert.True(code == 0, said);
        }
        // What UniPo depends on was restored when it was built; from the same place it goes into the feed.
        var restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (
            var package in Directory.GetFiles(Path.Combine(restored, "mathnet.numerics"), "*.nupkg", SearchOption.AllDirectories)
        )
            File.Copy(package, Path.Combine(Folder["feed"], Path.GetFileName(package)));
        File.WriteAllText(
            Folder["nuget.config"],
            """<configuration><packageSources><clear /><add key="local" value="feed" /></packageSources></configuration>"""
        );
    }

    public Task DisposeAsync()
    {
        Folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Runs a notebook of the folder as a reader does, in a process of its own.</summary>
    internal Task<(int Code, string Said)> Run(string notebook, params string[] words) =>
        Start(["exec", typeof(CommandLine).Assembly.Location, "run", notebook, "--output", "done", .. words], Folder.Path);

    private async Task<(int Code, string Said)> Start(IEnumerable<string> words, string folder)
    {
        var start = new ProcessStartInfo(DotNetHost.Path, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        if (folder == Folder.Path)
            foreach (
                var (name, place) in new[] { ("NUGET_PACKAGES", "cache"), ("XDG_DATA_HOME", "data"), ("LOCALAPPDATA", "data") }
            )
                start.Environment[name] = Folder[place];
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
