using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Every lesson as a plain C# file: it compiles as <c>dotnet run file.cs</c> compiles it, and runs to its end.</summary>
/// <remarks>
/// The compiler is called in this process, with what the SDK gives a file-based program, because a build of each file takes ten
/// times as long. Two files go the reader's whole way; the others run as what this compiler made of them.
/// </remarks>
public sealed class LessonExportTests : IDisposable
{
    private static readonly string _notebooks = Path.Combine(Repository.Root, "notebooks");
    private static readonly string _project = Path.Combine(Repository.Root, "src", "UniPo.Interactive");
    private readonly TemporaryFolder _folder = new();

    /// <summary>Solutions: their lessons run, so it is enough that they compile.</summary>
    public static TheoryData<string> Solutions =>
        [
            .. Directory
                .GetFiles(Path.Combine(_notebooks, "solutions"), "*.ipynb")
                .Select(f => Path.GetRelativePath(_notebooks, f))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Lessons that do not go the whole way.</summary>
    public static TheoryData<string> OtherLessons =>
        [
            .. Directory
                .GetFiles(_notebooks, "*.ipynb")
                .Select(f => Path.GetFileName(f))
                .Where(n => n is not ("00-start-here.ipynb" or "template.ipynb"))
                .Order(StringComparer.Ordinal),
        ];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Solutions))]
    public async Task A_solution_exported_as_a_program_compiles(string solution)
    {
        var file = await Export(solution);
        Assert.Empty(Compile(File.ReadAllText(file)).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
    }

    [Theory]
    [InlineData("00-start-here.ipynb")]
    [InlineData("template.ipynb")]
    public async Task A_lesson_goes_the_whole_way_from_notebook_to_program(string lesson) =>
        await RunsToItsEnd("run", "-c", "Release", await Export(lesson));

    [Theory, MemberData(nameof(OtherLessons))]
    public async Task A_lesson_exported_as_a_program_runs_to_its_end(string lesson)
    {
        var program = _folder["lesson.dll"];
        var built = Compile(File.ReadAllText(await Export(lesson))).Emit(program);
        Assert.True(built.Success, string.Join('\n', built.Diagnostics));
        foreach (var library in new[] { "UniPo.dll", "UniPo.BaseModels.dll", "UniPo.Interactive.dll", "MathNet.Numerics.dll" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, library), _folder[library]);
        var framework = $$"""{ "name": "Microsoft.NETCore.App", "version": "{{Environment.Version}}" }""";
        File.WriteAllText(_folder["lesson.runtimeconfig.json"], $$"""{ "runtimeOptions": { "framework": {{framework}} } }""");
        await RunsToItsEnd("exec", program);
    }

    private static async Task RunsToItsEnd(params string[] words)
    {
        // Beside the notebooks, where a lesson finds the stored runs.
        var start = new ProcessStartInfo(DotNetHost.Path, words) { RedirectStandardOutput = true, WorkingDirectory = _notebooks };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Your turn", output); // the exercises stand at the end
    }

    /// <summary>The lesson in its quick form as a program.</summary>
    private async Task<string> Export(string lesson)
    {
        var prepared = await Call.Unipo(
            "run",
            Path.Combine(_notebooks, lesson),
            "--prepare",
            "--quick",
            "--output",
            _folder.Path
        );
        Assert.Equal("", prepared.Error);
        var file = _folder["lesson.cs"];
        var call = await Call.Unipo(
            "export",
            _folder[Path.GetFileName(lesson)],
            "--to",
            "cs",
            "--project",
            _project,
            "--output",
            file
        );
        Assert.Equal("", call.Error);
        return file;
    }

    // What the SDK adds to a program of one file: its usings, and the libraries of the runtime and of the referenced project.
    private static CSharpCompilation Compile(string program)
    {
        const string Usings =
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
            + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";
        var options = CSharpParseOptions.Default.WithFeatures([new("FileBasedProgram", "true")]);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(p =>
                Path.GetFileName(p) is var name
                && (
                    name.StartsWith("System.", StringComparison.Ordinal)
                    || name is "netstandard.dll" or "UniPo.dll" or "UniPo.Interactive.dll"
                )
            );
        return CSharpCompilation.Create(
            "lesson",
            [CSharpSyntaxTree.ParseText(program, options), CSharpSyntaxTree.ParseText(Usings, options)],
            platform.Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)
        );
    }
}
