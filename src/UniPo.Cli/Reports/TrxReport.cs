using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using UniPo.Cli.Files;
using UniPo.Cli.Running;

namespace UniPo.Cli.Reports;

/// <summary>
/// A run in the format of Visual Studio's test results: one test a code cell. Build servers show it as they show tests.
/// </summary>
internal static class TrxReport
{
    private const string UnitTestType = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b";
    private const string AllResultsList = "19431567-8539-422a-85d7-44ee4e166bda";
    private static readonly XNamespace _ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Writes the report.</summary>
    public static void Write(IReadOnlyList<NotebookResult> results, string path)
    {
        var cells = results
            .SelectMany(r => r.Cells.Select(c => (Notebook: r.RelativePath.Replace('\\', '/'), Result: c)))
            .ToList();
        var failed = cells.Count(c => c.Result.Outcome == CellOutcome.Failed);
        var ran = cells.Count(c => c.Result.Outcome is CellOutcome.Passed or CellOutcome.Failed);
        var run = new XElement(
            _ns + "TestRun",
            new XAttribute("id", IdOf(path)),
            new XAttribute("name", "unipo run"),
            new XElement(_ns + "Results", cells.Select(c => Result(c.Notebook, c.Result))),
            new XElement(_ns + "TestDefinitions", cells.Select(c => Definition(c.Notebook, c.Result))),
            new XElement(_ns + "TestEntries", cells.Select(c => Entry(c.Notebook, c.Result))),
            new XElement(
                _ns + "TestLists",
                new XElement(_ns + "TestList", new XAttribute("name", "All Loaded Results"), new XAttribute("id", AllResultsList))
            ),
            new XElement(
                _ns + "ResultSummary",
                new XAttribute("outcome", failed == 0 ? "Completed" : "Failed"),
                new XElement(
                    _ns + "Counters",
                    new XAttribute("total", cells.Count),
                    new XAttribute("executed", ran),
                    new XAttribute("passed", ran - failed),
                    new XAttribute("failed", failed)
                )
            )
        );
        OutputFile.Write(path, $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- {OutputFile.Mark} -->\n{run}\n");
    }

    private static XElement Result(string notebook, CellResult cell)
    {
        var outcome = cell.Outcome switch
        {
            CellOutcome.Passed => "Passed",
            CellOutcome.Failed => "Failed",
            _ => "NotExecuted",
        };
        var element = new XElement(
            _ns + "UnitTestResult",
            Ids(notebook, cell),
            new XAttribute("testName", NameOf(notebook, cell)),
            new XAttribute("computerName", "local"),
            new XAttribute("testType", UnitTestType),
            new XAttribute("testListId", AllResultsList),
            new XAttribute("duration", cell.Duration.ToString("c")),
            new XAttribute("outcome", outcome)
        );
        if (cell.Fault is { } fault)
            element.Add(
                new XElement(_ns + "Output", new XElement(_ns + "ErrorInfo", new XElement(_ns + "Message", Printable(fault))))
            );
        return element;
    }

    private static XElement Definition(string notebook, CellResult cell) =>
        new(
            _ns + "UnitTest",
            new XAttribute("id", IdOf(NameOf(notebook, cell))),
            new XAttribute("name", NameOf(notebook, cell)),
            new XAttribute("storage", notebook),
            new XElement(_ns + "Execution", new XAttribute("id", IdOf("run " + NameOf(notebook, cell)))),
            new XElement(
                _ns + "TestMethod",
                new XAttribute("codeBase", notebook),
                new XAttribute("className", notebook),
                new XAttribute("name", $"cell {cell.Cell.Number}")
            )
        );

    private static XElement Entry(string notebook, CellResult cell) =>
        new(_ns + "TestEntry", Ids(notebook, cell), new XAttribute("testListId", AllResultsList));

    private static XAttribute[] Ids(string notebook, CellResult cell) =>
        [new("testId", IdOf(NameOf(notebook, cell))), new("executionId", IdOf("run " + NameOf(notebook, cell)))];

    private static string NameOf(string notebook, CellResult cell) => $"{notebook} cell {cell.Cell.Number}";

    // The same cell has the same id in every run, so that servers can show its history.
    private static string IdOf(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16]).ToString();

    private static string Printable(string text) => string.Concat(text.Where(System.Xml.XmlConvert.IsXmlChar));
}
