using System.Xml.Linq;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Reports;
using UniPo.Cli.Running;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>The report for build servers.</summary>
public sealed class ReportTests
{
    [Fact]
    public void Every_code_cell_is_a_test_with_its_outcome()
    {
        using var folder = new TemporaryFolder();
        var notebook = Notebook.Read(new NotebookBuilder().Code("1").Code("2").Code("3").Write(folder.Path, "a.ipynb"));
        CellResult[] cells =
        [
            new(notebook.Cells[0], CellOutcome.Passed, TimeSpan.FromSeconds(1.5)),
            new(notebook.Cells[1], CellOutcome.Failed, TimeSpan.Zero, "It broke: \u0001<&>"),
            new(notebook.Cells[2], CellOutcome.NotReached, TimeSpan.Zero),
        ];

        TrxReport.Write([new NotebookResult(notebook, "a.ipynb", cells, TimeSpan.FromSeconds(2))], folder["report.trx"]);

        var run = XDocument.Load(folder["report.trx"]).Root!;
        var ns = run.Name.Namespace;
        var results = run.Descendants(ns + "UnitTestResult").ToList();
        Assert.Equal(["Passed", "Failed", "NotExecuted"], results.Select(r => r.Attribute("outcome")!.Value));
        Assert.Equal("a.ipynb cell 1", results[0].Attribute("testName")!.Value);
        Assert.Equal("00:00:01.5000000", results[0].Attribute("duration")!.Value);
        Assert.Equal("It broke: <&>", results[1].Value);
        var counters = run.Descendants(ns + "Counters").Single();
        Assert.Equal(("3", "2", "1", "1"), (Value("total"), Value("executed"), Value("passed"), Value("failed")));
        Assert.Equal(
            results.Select(r => r.Attribute("testId")!.Value),
            run.Descendants(ns + "UnitTest").Select(t => t.Attribute("id")!.Value)
        );

        string Value(string name) => counters.Attribute(name)!.Value;
    }
}
