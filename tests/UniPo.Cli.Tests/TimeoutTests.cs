using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>The time a cell may take.</summary>
public sealed class TimeoutTests
{
    [Fact]
    public async Task A_cell_over_its_time_is_stopped_named_and_keeps_what_it_showed()
    {
        using var folder = new TemporaryFolder();
        var slow = new NotebookBuilder()
            .Code("Console.WriteLine(\"so far\");\nwhile (true) { }")
            .Code("1")
            .Write(folder.Path, "slow.ipynb");

        var call = await Call.Unipo("run", slow, "--output", folder["out"], "--timeout", "10");

        Assert.Equal(1, call.ExitCode);
        var copy = new ExecutedNotebook(folder["out/slow.ipynb"]);
        Assert.Equal(
            ["stdout: so far\n", "error: TimeoutException: Cell 1 was stopped after 10 s, the time a cell may take (--timeout)."],
            copy.Story(1)
        );
        Assert.Empty(copy.Outputs(2));
    }
}
