using System.CommandLine;
using UniPo.Cli.Exporting;
using UniPo.Cli.Files;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Pages;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo export</c>: a notebook as a single-file program, or an executed notebook as a page.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> _notebook = new("notebook") { Description = "The notebook." };
    private static readonly Option<string> _to = new("--to")
    {
        Description =
            "cs: a program for dotnet run; html: a page of the stored outputs; slides: the same, a section at a time (arrow keys); pdf: the page, printed by the browser of this machine.",
        Required = true,
    };
    private static readonly Option<string?> _output = new("--output")
    {
        Description = "The file to write; the notebook's name in artifacts/export if not given.",
    };
    private static readonly Option<string?> _project = new("--project")
    {
        Description = "For cs: the project to use in place of the UniPo packages, such as src/UniPo.Interactive.",
    };

    private static readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Replaces a file that unipo did not make, or that was changed since.",
    };

    public static Command Create()
    {
        var command = new Command("export", "Writes a notebook as a single-file C# program or as a page.")
        {
            _notebook,
            _to,
            _output,
            _project,
            _overwrite,
        };
        _to.AcceptOnlyFromAmong("cs", "html", "slides", "pdf");
        command.SetAction(Export);
        return command;
    }

    private static async Task<int> Export(ParseResult parsed, CancellationToken cancellationToken)
    {
        var notebook = Notebook.Read(parsed.GetRequiredValue(_notebook));
        var format = parsed.GetRequiredValue(_to);
        var file =
            parsed.GetValue(_output)
            ?? Path.Combine(
                "artifacts",
                "export",
                Path.ChangeExtension(notebook.Name, format == "slides" ? "slides.html" : format)
            );
        OutputFile.Check("--output", file, parsed.GetValue(_overwrite), notebook.Path);
        if (format != "cs" && notebook.Cells.All(c => c.Outputs.Count == 0) && notebook.Cells.Any(c => c.IsCode))
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"{notebook.Name} carries no outputs, so the page shows none: it is made by unipo run {notebook.Name} --html."
            );

        if (format == "cs" && notebook.Cells.FirstOrDefault(c => c.IsCode && !CodeDepth.IsReadable(c.Source)) is { } deep)
            throw new UsageException(
                $"{notebook.Name}: the brackets of cell {deep.Number} are nested too deeply for the compiler."
            );
        if (format == "cs")
            OutputFile.Write(file, WithMark(await new CSharpExport(notebook, ProjectOf(parsed, file)).ToText()));
        else
        {
            var page = new NotebookPage(notebook) { IsStored = true, AsSlides = format == "slides" }.ToHtml();
            if (format == "pdf")
                OutputFile.Write(file, await Browser.Print(page, cancellationToken), $"\n% {OutputFile.Mark}\n");
            else
                OutputFile.Write(file, page);
        }

        await parsed.InvocationConfiguration.Output.WriteLineAsync(
            format == "cs" ? $"Run it with: dotnet run -c Release {file}" : $"Open {file}"
        );
        return ExitCode.Success;
    }

    // At the end: the first lines of a program are directives.
    private static string WithMark(string program) => $"{program.TrimEnd()}\n// {OutputFile.Mark}\n";

    /// <summary>The project as the program's file will see it, so that tree and file can move together.</summary>
    private static string? ProjectOf(ParseResult parsed, string file)
    {
        if (parsed.GetValue(_project) is not { } project)
            return null;
        if (!File.Exists(project) && !Directory.Exists(project))
            throw new UsageException($"--project {project}: there is no such project.");
        return Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFullPath(project)).Replace('\\', '/');
    }
}
