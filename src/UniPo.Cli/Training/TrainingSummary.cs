using System.Globalization;
using Spectre.Console;

namespace UniPo.Cli.Training;

/// <summary>What a run changed, as a small table.</summary>
internal static class TrainingSummary
{
    private const int LongestWindow = 10;

    /// <summary>Writes the table.</summary>
    /// <param name="run">The run.</param>
    /// <param name="time">Wall-clock time of all of it.</param>
    /// <param name="output">Where to.</param>
    public static void Write(TrainingRun run, TimeSpan time, TextWriter output)
    {
        var window = Math.Clamp(run.Steps.Count / 2, 1, LongestWindow);
        var table = new Table { Border = TableBorder.Simple, ShowRowSeparators = false };
        table.AddColumn("");
        table.AddColumn(new TableColumn("before") { Alignment = Justify.Right });
        table.AddColumn(new TableColumn("after") { Alignment = Justify.Right });
        Row(
            table,
            $"right answer, exact probability ({run.Before?.Prompts} held-out prompts)",
            run.Before?.ExactProbability,
            run.After?.ExactProbability,
            "0.000"
        );
        Row(table, "reward of one sampled answer, held out", run.Before?.SampledAccuracy, run.After?.SampledAccuracy, "0.000");
        foreach (var key in new[] { "reward", "kl", "entropy", "response_length" })
        {
            var metric = MetricGlossary.Find(key);
            var label = key == "reward" ? "reward in training" : metric.Label;
            Row(
                table,
                metric.Unit.Length > 0 ? $"{label} ({metric.Unit})" : label,
                Mean(run.Steps.Take(window), key),
                Mean(run.Steps.TakeLast(window), key),
                "0.000"
            );
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, 100);
        console.Write(table);
        var each = run.Steps.Count > 0 ? run.Steps.Average(s => s.Duration.TotalMilliseconds) : 0;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Steps.Count} steps in {time.TotalSeconds:0.0} s, {each:0} ms a step. Training figures: mean of the first and last {window} steps."
            )
        );
        Warn(run, output);
    }

    /// <summary>What was not as it should be: once with its cause, however many steps say it.</summary>
    private static void Warn(TrainingRun run, TextWriter output)
    {
        TrainingStep[] warned = [.. run.Steps.Where(s => s.Warning is not null)];
        if (warned.Length > 0)
            output.WriteLine(
                $"Warning at {(warned.Length == 1 ? "" : $"{warned.Length} steps, first at ")}step {warned[0].Step + 1}: {warned[0].Warning}"
            );
    }

    private static void Row(Table table, string label, double? before, double? after, string format)
    {
        if (before is null && after is null)
            return;
        table.AddRow(Markup.Escape(label), Text(before, format), Text(after, format));
    }

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static double? Mean(IEnumerable<TrainingStep> steps, string key) =>
        steps.Select(s => s.Metric(key)).OfType<double>().ToList() is { Count: > 0 } values ? values.Average() : null;
}
