using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace UniPo.Packages.Tests;

/// <summary>Programs of a user who has the packages and nothing else.</summary>
[Collection(Packed.Name)]
public sealed partial class ProgramTests(PackedFeed feed)
{
    private const string Training = """
        var policy = TinyTransformer.Load("addition");
        var run = new Trainer(policy, Tasks.Addition(digits: 2), Algorithms.Grpo, new() { Seed = 7, MeasureHeldOut = false }).Train(2);
        Console.WriteLine($"trained {run.Steps.Count} steps");
        """;

    [Fact]
    public async Task The_first_example_of_the_README_runs_as_it_stands()
    {
        var folder = feed.BareFolder("readme");
        Project(folder, "<PackageReference Include=\"UniPo.Interactive\" Version=\"" + PackedFeed.Version + "\" />");
        var readme = await File.ReadAllTextAsync(Path.Combine(PackedFeed.Repository, "README.md"));
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), Program(FirstExample().Match(readme).Groups[1].Value));
        var said = await Succeeds(folder, "run", "-c", "Release");
        Assert.Contains("reward", said);
        Assert.Contains("GRPO", said);
    }

    [Fact]
    public async Task A_program_of_a_single_file_loads_a_model_and_trains_it()
    {
        var folder = feed.BareFolder("file");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "app.cs"),
            $"#:package UniPo@{PackedFeed.Version}\nusing UniPo;\n{Training}"
        );
        Assert.Contains("trained 2 steps", await Succeeds(folder, "run", "app.cs"));
    }

    [Fact]
    public async Task A_script_in_F_sharp_loads_a_model_and_trains_it()
    {
        var folder = feed.BareFolder("script");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "app.fsx"),
            $"""
            #i "nuget: {feed.Feed}"
            #r "nuget: UniPo, {PackedFeed.Version}"
            open UniPo
            let policy = TinyTransformer.Load "addition"
            let options = TrainerOptions(Seed = 7UL, MeasureHeldOut = false)
            let run = Trainer(policy, Tasks.Addition(digits = 2), Algorithms.Grpo, options).Train 2
            printfn $"trained %i{"{"}run.Steps.Count{"}"} steps"
            """
        );
        Assert.Contains("trained 2 steps", await Succeeds(folder, "fsi", "app.fsx"));
    }

    [Fact]
    public async Task A_program_that_is_trimmed_and_compiled_ahead_of_time_loads_a_model_and_trains_it()
    {
        var folder = feed.BareFolder("aot");
        Project(
            folder,
            "<PackageReference Include=\"UniPo\" Version=\"" + PackedFeed.Version + "\" />",
            "<PublishAot>true</PublishAot><InvariantGlobalization>true</InvariantGlobalization>"
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), "using UniPo;\n" + Training);
        await Succeeds(folder, "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", "out");
        var program = Path.Combine(folder, "out", OperatingSystem.IsWindows() ? "App.exe" : "App");
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(program) { RedirectStandardOutput = true, WorkingDirectory = folder }
        )!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, "trained 2 steps\n"), (process.ExitCode, said.ReplaceLineEndings("\n")));
    }

    /// <summary>A cell's code as a program: the package is referenced by the project, and a value that a cell shows is printed.</summary>
    private static string Program(string cells)
    {
        var lines = cells.ReplaceLineEndings("\n").Split('\n').Where(l => !l.StartsWith("#r ", StringComparison.Ordinal));
        return string.Join('\n', lines.Select(l => ShownValue().Replace(l, "System.Console.WriteLine($1);")));
    }

    private static void Project(string folder, string references, string properties = "") =>
        File.WriteAllText(
            Path.Combine(folder, "App.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>{properties}
              </PropertyGroup>
              <ItemGroup>{references}</ItemGroup>
            </Project>
            """
        );

    private async Task<string> Succeeds(string folder, params string[] words)
    {
        var (code, said) = await feed.DotNet(folder, words);
        Assert.True(code == 0, said);
        return said;
    }

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex FirstExample();

    // grpo.Evaluate(batch).Tokens()      // a line that begins a statement and ends without a semicolon
    [GeneratedRegex(@"^([a-z]\w*\.[^;=]*\))\s*(?://.*)?$")]
    private static partial Regex ShownValue();
}
