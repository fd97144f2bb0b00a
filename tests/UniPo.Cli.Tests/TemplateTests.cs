using System.Diagnostics;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>The template notebook in a folder of its own, with nothing but the packed packages.</summary>
/// <remarks>The packages get a version of their own and an empty cache, so that no older package of the same version stands in for them.</remarks>
public sealed class TemplateTests : IDisposable
{
    private const string Version = "0.1.0-template";
    private static readonly string _usualCache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_template_runs_outside_the_repository_with_the_local_feed_only()
    {
        foreach (var project in new[] { "UniPo", "UniPo.Interactive" })
            await DotNet("pack", Path.Combine(Repository.Root, "src", project), "-c", "Release", "-o", _folder["feed"], "-v", "q", $"-p:PackageVersion={Version}");
        File.WriteAllText(_folder["nuget.config"], """
            <configuration>
              <packageSources>
                <add key="unipo-local" value="feed" />
              </packageSources>
            </configuration>
            """);

        await Call.Unipo("run", Path.Combine(Repository.Root, "notebooks", "template.ipynb"), "--prepare", "--quick", "--output", _folder["copy"]);
        var call = await Call.Unipo("export", Path.Combine(_folder["copy"], "template.ipynb"), "--to", "cs", "--output", _folder["mine.cs"]);
        Assert.Equal("", call.Error);
        var program = File.ReadAllText(_folder["mine.cs"]);
        Assert.Contains("#:package UniPo.Interactive@0.1.0\n", program);
        File.WriteAllText(_folder["mine.cs"], program.Replace("#:package UniPo.Interactive@0.1.0", $"#:package UniPo.Interactive@{Version}", StringComparison.Ordinal));

        var output = await DotNet("run", "-c", "Release", _folder["mine.cs"]);
        Assert.Contains("right on held-out prompts:", output);
        Assert.Contains("Your turn", output);
    }

    private async Task<string> DotNet(params string[] words)
    {
        var start = new ProcessStartInfo(DotNetHost.Path) { RedirectStandardOutput = true, WorkingDirectory = _folder.Path };
        foreach (var word in words) start.ArgumentList.Add(word);
        start.Environment["NUGET_PACKAGES"] = _folder["cache"];
        start.Environment["NUGET_FALLBACK_PACKAGES"] = _usualCache; // what others have downloaded is not downloaded again
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
