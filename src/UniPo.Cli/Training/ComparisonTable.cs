using System.Globalization;
using Spectre.Console;

namespace UniPo.Cli.Training;

/// <summary>What the algorithms of a comparison reached, with intervals over the seeds.</summary>
internal static class ComparisonTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="runs">All runs; those of one algorithm in the order of their seeds.</param>
    /// <param name="output">Where to.</param>
    public static void Write(IReadOnlyList<TrainingRun> runs, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in new[] { "", "held out, after", "change", "against the first", "KL (nats)", "length (tokens)" }) table.AddColumn(heading);
        var algorithms = runs.GroupBy(r => r.Header.Algorithm).ToList();
        foreach (var algorithm in algorithms)
        {
            var after = algorithm.Select(After).ToList();
            table.AddRow(
                Markup.Escape(algorithm.Key), Of(after), Of(algorithm.Select(r => After(r) - Before(r))),
                algorithm == algorithms[0] ? "" : Text(Estimate.OfDifference(after, [.. algorithms[0].Select(After)])),
                Of(algorithm.Select(r => Last(r, "kl"))), Of(algorithm.Select(r => Last(r, "response_length"))));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, 100);
        console.Write(table);
        output.WriteLine($"Mean over {algorithms[0].Count()} seeds, ± half of the 95 % interval; against the first: pairs with the same seed.");
    }

    private static string Of(IEnumerable<double> values) => values.Where(double.IsFinite).ToList() is { Count: > 0 } finite ? Text(Estimate.Of(finite)) : "-";

    private static string Text(Estimate estimate) => estimate.Count == 1
        ? estimate.Mean.ToString("0.000", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{estimate.Mean:0.000} ±{estimate.High - estimate.Mean:0.000}");

    private static double After(TrainingRun run) => RecordedRun.Value(run.After);

    private static double Before(TrainingRun run) => RecordedRun.Value(run.Before);

    private static double Last(TrainingRun run, string metric) => run.Steps.TakeLast(10).Select(s => s.Metric(metric) ?? double.NaN).DefaultIfEmpty(double.NaN).Average();
}
