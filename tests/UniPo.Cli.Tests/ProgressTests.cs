using Spectre.Console;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Running;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>The progress of a run on a terminal.</summary>
public sealed class ProgressTests
{
    [Fact]
    public async Task A_terminal_shows_the_cell_what_is_left_and_the_result()
    {
        using var folder = new TemporaryFolder();
        var path = new NotebookBuilder().Code("1").Code("2").Write(folder.Path, "a [b].ipynb");
        var file = new NotebookFile(Notebook.Read(path), "a [b].ipynb");
        using var screen = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(screen),
                Ansi = AnsiSupport.Yes,
                Interactive = InteractionSupport.Yes,
            }
        );
        console.Profile.Width = 160;

        await SpectreProgress.Show(
            console,
            [file],
            progress =>
            {
                progress.Starts(file.Notebook, 1, 2);
                progress.Starts(file.Notebook, 2, 2);
                progress.Ends(
                    new NotebookResult(
                        file.Notebook,
                        file.RelativePath,
                        [.. file.Notebook.Cells.Select(c => new CellResult(c, CellOutcome.Passed, default))],
                        default
                    )
                );
                return Task.FromResult(0);
            }
        );

        var text = screen.ToString();
        Assert.Contains("a [b].ipynb", text);
        Assert.Contains("1 of 1 notebooks, 0 cells left", text);
        Assert.Contains("passed  a [b].ipynb", text);
    }
}
