using System.Diagnostics;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Notebooks as single-file programs and as pages.</summary>
public sealed class ExportTests : IDisposable
{
    private static readonly string _project = Path.Combine(Repository.Root, "src", "UniPo");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_exported_notebook_builds_and_prints_what_the_cells_showed()
    {
        var notebook = new NotebookBuilder()
            .Prose("# As a program\n\nMarkdown becomes comments.")
            .Code("#r \"nuget: UniPo, 0.2.0\"\nusing UniPo;\nusing System.IO;")
            .Code("var i = 1; // the first i\nstring unset;", "parameters")
            .Code(
                "int Twice(int n) => 2 * n;\nstatic string Loud(this string s) => s.ToUpperInvariant();\nrecord Pair(int A, string B);\nTwice(i)"
            )
            .Code(
                "for (var i = 0; i < 2; i++) Console.Write(i);\nConsole.WriteLine();\nforeach (var unset in new[] { 7 }) Console.WriteLine(unset);"
            )
            .Code(
                "// declared again, with another type\nvar i = new Pair(5, \"x\");\nint Twice(string s) => s.Length * 2;\nnew { i }.Display();\nTwice(i.B)"
            )
            .Code("throw new InvalidOperationException(\"meant to\");", "raises-exception")
            .Code("this does not compile", "raises-exception")
            .Code("throw new Exception();", "skip-execution")
            .Code("await Task.Delay(1);\nVocabulary.OfCharacters(\"abc\").Encode(\"ca\")")
            .Code("display(i.B.Loud());\nConsole.WriteLine(\"end\")\n// last words")
            .Write(_folder.Path, "program.ipynb");

        var call = await Call.Unipo("export", notebook, "--to", "cs", "--project", _project, "--output", _folder["program.cs"]);

        Assert.Equal("", call.Error);
        Assert.Equal(0, call.ExitCode);
        var text = File.ReadAllText(_folder["program.cs"]);
        Assert.Contains("// # As a program\n//\n// Markdown becomes comments.\n", text);
        Assert.Contains("var i = 1; // the first i\n", text);
        Assert.Equal(
            ["2", "01", "7", "{ i = Pair { A = 5, B = x } }", "2", "InvalidOperationException: meant to", "2", "0", "X", "end"],
            (await Run(_folder["program.cs"])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
    }

    [Fact]
    public async Task Without_a_project_the_program_asks_for_the_package()
    {
        var notebook = new NotebookBuilder()
            .Code("#r \"nuget: UniPo.Interactive, 0.2.0\"\nusing UniPo;")
            .Write(_folder.Path, "a.ipynb");
        await Call.Unipo("export", notebook, "--to", "cs", "--output", _folder["a.cs"]);
        Assert.Contains("\n#:package UniPo.Interactive@0.2.0\n", File.ReadAllText(_folder["a.cs"]));
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_is_named()
    {
        var notebook = new NotebookBuilder().Prose("# T").Code("var x = 1;\nx + y").Write(_folder.Path, "a.ipynb");
        var call = await Call.Unipo("export", notebook, "--to", "cs", "--output", _folder["a.cs"]);
        Assert.Equal(2, call.ExitCode);
        Assert.Contains("cell 2, line 2, column 5: error CS0103", call.Error);
        Assert.False(File.Exists(_folder["a.cs"]));
    }

    [Fact]
    public async Task An_executed_notebook_becomes_a_page()
    {
        var notebook = new NotebookBuilder().Prose("# A page").Code("1").Write(_folder.Path, "a.ipynb");
        var call = await Call.Unipo("export", notebook, "--to", "html", "--output", _folder["a.html"]);
        Assert.Equal(0, call.ExitCode);
        Assert.Contains("<h1 id=\"a-page\">A page</h1>", File.ReadAllText(_folder["a.html"]));
    }

    private static async Task<string> Run(string file)
    {
        var start = new ProcessStartInfo(DotNetHost.Path)
        {
            ArgumentList = { "run", "-c", "Release", file },
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(file),
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
