namespace UniPo.Packages.Tests;

/// <summary>The command and the templates, installed from their packages.</summary>
[Collection(Packed.Name)]
public sealed class ToolTests(PackedFeed feed)
{
    [Fact]
    public async Task The_tool_installs_and_runs_a_notebook_that_has_nothing_but_the_package()
    {
        var folder = feed.BareFolder("tool");
        await Succeeds(folder, "tool", "install", "UniPo.Cli", "--version", PackedFeed.Version, "--tool-path", "bin");
        File.Copy(
            Path.Combine(PackedFeed.Repository, "src", "UniPo.Templates", "content", "lesson", "Lesson.ipynb"),
            Path.Combine(folder, "lesson.ipynb")
        );
        var command = Directory.GetFiles(Path.Combine(folder, "bin"), "UniPo.Cli.dll", SearchOption.AllDirectories).Single();
        Assert.True(File.Exists(Path.Combine(folder, "bin", OperatingSystem.IsWindows() ? "unipo.exe" : "unipo")));
        await Succeeds(folder, "exec", command, "run", "lesson.ipynb", "--packages", "--param", "steps=2", "--output", "done");
        Assert.Contains("text/html", await File.ReadAllTextAsync(Path.Combine(folder, "done", "lesson.ipynb")));
    }

    [Fact]
    public async Task The_templates_make_a_lesson_and_a_program_that_trains()
    {
        var folder = feed.BareFolder("templates");
        string[] hive = ["--debug:custom-hive", Path.Combine(folder, "hive")];
        var package = Path.Combine(feed.Feed, $"UniPo.Templates.{PackedFeed.Version}.nupkg");
        await Succeeds(folder, ["new", "install", package, .. hive]);
        await Succeeds(folder, ["new", "unipo-lesson", "-n", "mine", .. hive]);
        Assert.Contains(
            $"UniPo.Interactive, {PackedFeed.Version}",
            await File.ReadAllTextAsync(Path.Combine(folder, "mine.ipynb"))
        );
        await Succeeds(folder, ["new", "unipo-task", "-n", "Letters", .. hive]);
        var program = Path.Combine(folder, "Letters");
        Assert.Contains("Right on held-out prompts", await Succeeds(program, "run", "-c", "Release", "--", "2"));
        Assert.True(File.Exists(Path.Combine(program, "run.jsonl")));
    }

    private async Task<string> Succeeds(string folder, params string[] words)
    {
        var (code, said) = await feed.DotNet(folder, words);
        Assert.True(code == 0, said);
        return said;
    }
}
