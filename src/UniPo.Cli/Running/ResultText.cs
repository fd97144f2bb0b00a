using System.Globalization;
using System.Text;

namespace UniPo.Cli.Running;

/// <summary>A result in words.</summary>
internal static class ResultText
{
    /// <summary>One line for a notebook that passed; for one that failed also the cell and its error.</summary>
    public static string Of(NotebookResult result)
    {
        var text = new StringBuilder();
        var mark =
            result.Cells.Count == 0 ? "written"
            : result.Passed ? "passed "
            : "FAILED ";
        text.Append(
            CultureInfo.InvariantCulture,
            $"{mark} {result.RelativePath, -40} {result.Cells.Count, 3} cells {Seconds(result.Duration), 9}"
        );
        if (result.Stopped is not { } stopped)
            return text.ToString();
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"  cell {stopped.Cell.Number}: ");
        foreach (var line in ErrorLines(stopped))
            text.AppendLine(line).Append("    ");
        return text.ToString().TrimEnd();
    }

    /// <summary>A time with one digit after the point.</summary>
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static IEnumerable<string> ErrorLines(CellResult stopped)
    {
        var error = stopped.Cell.Outputs.FirstOrDefault(o => (string?)o?["output_type"] == "error");
        return error?["traceback"]?.AsArray().SelectMany(line => line!.ToString().Split('\n')) ?? [stopped.Fault ?? ""];
    }
}
