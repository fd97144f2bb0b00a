using System.Text.Json.Nodes;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>What <c>unipo run</c> does with cells.</summary>
[Collection(nameof(FolderRun))]
public sealed class RunTests(FolderRun run)
{
    [Fact]
    public void A_failed_cell_makes_the_exit_code_one() => Assert.Equal(1, run.Call.ExitCode);

    [Fact]
    public void The_log_has_a_line_for_every_notebook_and_says_what_failed()
    {
        Assert.Contains("passed  01-good.ipynb", run.Call.Output);
        Assert.Contains("FAILED  03-fault.ipynb", run.Call.Output);
        Assert.Contains("cell 3: IndexOutOfRangeException: Index was outside the bounds of the array.", run.Call.Output);
    }

    [Fact]
    public void Originals_stay_as_they_were() => Assert.Empty(run.Changed());

    [Fact]
    public void Solutions_run_only_when_named() => Assert.False(Directory.Exists(Path.Combine(run.Output, "solutions")));

    [Fact]
    public void Outputs_come_in_the_order_in_which_they_were_made() =>
        Assert.Equal(
            ["stdout: Ada \"Q\" 2\n", "display_data: 1", "stdout: step 2", "display_data: two", "execute_result: 3"],
            run.Good.Story(4)
        );

    [Fact]
    public void Parameters_replace_values_and_keep_comments() =>
        Assert.Equal(
            "// who\nvar name = \"Ada \\\"Q\\\"\"; // kept\nvar quick = true;\nvar steps = quick ? 2 : 200;",
            run.Good.Source(2)
        );

    [Fact]
    public void A_package_is_restored_with_what_it_needs() => Assert.Equal(["execute_result: five"], run.Good.Story(5));

    [Fact]
    public void UniPo_comes_from_the_build_at_hand() => Assert.Equal(["execute_result: [ 2, 0 ]"], run.Good.Story(8));

    [Fact]
    public void A_cell_that_must_throw_is_kept_and_the_run_goes_on() =>
        Assert.Equal(["error: InvalidOperationException: as it should"], run.Good.Story(6));

    [Fact]
    public void A_skipped_cell_is_left_alone()
    {
        Assert.Empty(run.Good.Outputs(7));
        Assert.Null(run.Good.Cell(7)["execution_count"]);
    }

    [Fact]
    public void A_type_with_the_formatting_convention_shows_all_its_representations_in_one_output()
    {
        var output = Assert.Single(run.Good.Outputs(10))!;
        Assert.StartsWith("<p class=\"card\">&lt;b&gt;</p>", ExecutedNotebook.Text(output["data"]!["text/html"]));
        Assert.Equal("card <b>", ExecutedNotebook.Text(output["data"]!["text/plain"]));
    }

    [Fact]
    public void A_statement_shows_nothing() => Assert.Empty(run.Good.Outputs(11));

    [Fact]
    public void An_assembly_is_referenced_by_its_path() => Assert.Equal(["execute_result: Assert"], run.Good.Story(12));

    [Fact]
    public void A_trailing_call_without_value_shows_only_what_it_prints() =>
        Assert.Equal(["stderr: to the side", "display_data: [ 1.5 ]", "stdout: Ada \"Q\"\n"], run.Good.Story(13));

    [Fact]
    public void An_error_names_the_line_of_the_cell_and_no_machinery()
    {
        var error = Assert.Single(run.Fault.Outputs(3))!;
        var trace = error["traceback"]!.AsArray().Select(l => l!.ToString());
        Assert.Equal(
            [
                "IndexOutOfRangeException: Index was outside the bounds of the array.",
                "   at cell 3, line 3: return numbers[i];",
                "   at cell 3, line 6: Pick(index)",
            ],
            trace
        );
    }

    [Fact]
    public void Cells_after_a_failed_one_are_not_run()
    {
        Assert.Empty(run.Fault.Outputs(4));
        Assert.Null(run.Fault.Cell(4)["execution_count"]);
    }

    [Fact]
    public void What_was_shown_before_a_crash_is_kept()
    {
        Assert.Equal(["stdout: before the fall"], run.Crash.Story(1));
        var story = run.Crash.Story(2);
        Assert.Equal("stdout: partial", story[0]);
        Assert.StartsWith("error: ProcessEnded: The notebook's process ended with exit code", story[1]);
        Assert.Contains(
            run.Crash.Outputs(2)[1]!["traceback"]!.AsArray(),
            line => line!.ToString().Contains("Stack overflow", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Ids_and_unknown_metadata_survive()
    {
        Assert.Equal("id-4", (string)run.Good.Cell(4)["id"]!);
        Assert.Equal("{\"kept\":1.5}", run.Good.Root["metadata"]!["a_reader's_own"]!.ToJsonString());
    }

    [Fact]
    public void The_copy_is_laid_out_as_Jupyter_does()
    {
        var text = File.ReadAllText(Path.Combine(run.Output, "03-fault.ipynb"));
        Assert.StartsWith("{\n \"cells\": [\n  {\n   \"cell_type\": \"markdown\",", text);
        Assert.EndsWith("\n}\n", text);
    }

    [Fact]
    public void The_report_has_every_code_cell_with_outcome_and_time()
    {
        var report = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Output, "report.json")))!;
        Assert.False((bool)report["passed"]!);
        var fault = report["notebooks"]![2]!;
        Assert.Equal("03-fault.ipynb", (string)fault["path"]!);
        Assert.Equal(["Passed", "Failed", "NotReached"], fault["cells"]!.AsArray().Select(c => (string)c!["outcome"]!));
        Assert.True((double)fault["seconds"]! > 0);
    }
}
