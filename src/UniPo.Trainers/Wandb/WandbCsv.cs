using System.Text;

namespace UniPo;

/// <summary>wandb's tables: a chart's export (one metric, several runs) or a run's history (one column a metric).</summary>
internal static class WandbCsv
{
    private static readonly string[] _stepColumns =
    [
        "train/global_step",
        "training/global_step",
        "trainer/global_step",
        "global_step",
        "Step",
        "step",
        "_step",
    ];

    public static TrainerLog? TryRead(string path, string start)
    {
        var first = start.Split('\n')[0].TrimEnd('\r');
        if (first.Length > 1 << 16 || Cells(first) is not { Count: >= 2 } header)
            return null;
        var at = Array.Find(_stepColumns, header.Contains);
        if (at is null)
            return null;
        var charts = header.Where(h => h != at && h.Contains(" - ", StringComparison.Ordinal)).ToArray();
        return charts.Length > 0 && charts.Length == header.Count - 1 ? Chart(path, header, at) : History(path, header, at);
    }

    private static TrainerLog History(string path, List<string> header, string stepColumn)
    {
        var builder = new RunBuilder(mayRestart: true);
        var at = header.IndexOf(stepColumn);
        if (stepColumn is "_step" or "Step")
            builder.Note("wandb counts log events, not optimiser steps; the file has no column train/global_step.");
        foreach (var (number, cells) in Rows(path, header.Count, builder))
        {
            if (!Step(cells[at], out var step))
                builder.Note($"Row {number}: '{Shown(cells[at])}' is no step; the row is left out.");
            else
                builder.Add(
                    step,
                    header
                        .Zip(cells)
                        .Where(c => !LogBuilder.IsPlace(c.First) && c.First != stepColumn && c.Second.Length > 0)
                        .Select(c => (Plain(c.First), PythonLiteral.Number(c.Second)))
                        .Where(c => !double.IsNaN(c.Item2))
                );
        }
        return LogBuilder.Build(path, LogFormat.WandbCsv, builder, new HeaderFields(), Method);
    }

    // "run - metric": one run for each name before the last separation.
    private static TrainerLog Chart(string path, List<string> header, string stepColumn)
    {
        var notes = new RunBuilder(mayRestart: false);
        var builders = new Dictionary<string, RunBuilder>(StringComparer.Ordinal);
        var at = header.IndexOf(stepColumn);
        foreach (var (_, cells) in Rows(path, header.Count, notes))
        {
            if (!Step(cells[at], out var step))
                continue;
            for (var c = 0; c < header.Count; c++)
            {
                var cut = header[c].LastIndexOf(" - ", StringComparison.Ordinal);
                if (
                    cut < 0
                    || cells[c].Length == 0
                    || header[c].EndsWith("__MIN", StringComparison.Ordinal)
                    || header[c].EndsWith("__MAX", StringComparison.Ordinal)
                )
                    continue;
                var run = header[c][..cut];
                if (!builders.TryGetValue(run, out var builder))
                    builders[run] = builder = new RunBuilder(mayRestart: false);
                builder.Add(step, [(Plain(header[c][(cut + 3)..]), PythonLiteral.Number(cells[c]))]);
            }
        }
        var logs = builders
            .Select(b => LogBuilder.Build(path, LogFormat.WandbCsv, b.Value, new HeaderFields { Model = b.Key }, Method))
            .ToArray();
        if (logs.Length == 0)
            throw new InvalidDataException($"The file '{path}' is a {LogFormat.WandbCsv}, but holds no row of metrics yet.");
        return logs[0] with
        {
            Runs = [.. logs.SelectMany(l => l.Runs)],
            Notes = [.. notes.Notes(), .. logs.SelectMany(l => l.Notes).Distinct()],
        };
    }

    private static string? Method(IReadOnlySet<string> keys) => MethodNames.Trl(keys) is "SFT" ? null : MethodNames.Trl(keys);

    // Hugging Face's wandb callback writes train/ before every key and eval/ for eval_.
    private static string Plain(string key) =>
        key.StartsWith("train/", StringComparison.Ordinal) && MetricNames.All.All(m => !m.Fits(key)) ? key["train/".Length..]
        : key.StartsWith("eval/", StringComparison.Ordinal) ? "eval_" + key["eval/".Length..]
        : key;

    private static bool Step(string cell, out int step)
    {
        var number = PythonLiteral.Number(cell);
        step = number is >= 0 and <= int.MaxValue ? (int)number : -1;
        return step >= 0;
    }

    private static string Shown(string cell) => cell.Length > 20 ? cell[..20] + "…" : cell;

    private static IEnumerable<(int Number, List<string> Cells)> Rows(string path, int columns, RunBuilder notes)
    {
        using var reader = ConsoleLines.Open(path);
        ConsoleLines.ReadLine(reader);
        for (var number = 2; ConsoleLines.ReadLine(reader) is { } line; number++)
        {
            if (line.Trim().Length == 0)
                continue;
            if (Cells(line.TrimEnd('\r')) is { } cells && cells.Count == columns)
                yield return (number, cells);
            else
                notes.Note($"Row {number} has another number of cells than the header's {columns}; it is left out.");
        }
    }

    /// <summary>The cells of a line; quotes may hold commas, and two quotes are one. Null when a quote stays open.</summary>
    private static List<string>? Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (quoted && line[i] == '"' && i + 1 < line.Length && line[i + 1] == '"')
                cell.Append(line[++i]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(line[i]);
        }
        cells.Add(cell.ToString());
        return quoted ? null : cells;
    }
}
