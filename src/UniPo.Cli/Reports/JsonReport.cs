using System.Text.Json;
using UniPo.Cli.Files;
using UniPo.Cli.Running;

namespace UniPo.Cli.Reports;

/// <summary>A run as JSON, for scripts: notebooks, their code cells, outcome and time of each.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes the report.</summary>
    public static void Write(IReadOnlyList<NotebookResult> results, string path)
    {
        var report = new
        {
            made = OutputFile.Mark,
            passed = results.All(r => r.Passed),
            notebooks = results.Select(r => new
            {
                path = r.RelativePath.Replace('\\', '/'),
                passed = r.Passed,
                seconds = Math.Round(r.Duration.TotalSeconds, 3),
                cells = r.Cells.Select(c => new
                {
                    number = c.Cell.Number,
                    id = c.Cell.Id,
                    outcome = c.Outcome.ToString(),
                    seconds = Math.Round(c.Duration.TotalSeconds, 3),
                    fault = c.Fault,
                }),
            }),
        };
        OutputFile.Write(path, JsonSerializer.Serialize(report, _options) + "\n");
    }
}
