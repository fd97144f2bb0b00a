using System.Diagnostics;
using System.Globalization;

namespace UniPo.Benchmarks;

/// <summary>
/// Time and memory of Evaluate for every algorithm on one core, and the same computation in PyTorch: loss and gradient, float64,
/// one thread.
/// </summary>
internal static class Evaluate
{
    private const int Repeats = 500;

    /// <summary>Measures all algorithms, or those whose name contains a text.</summary>
    public static int Run(string part)
    {
        var batch = EvaluateBatch.Create();
        var peer = Peer(batch);
        Console.WriteLine(
            $"{batch.Layout.Responses} responses of {EvaluateBatch.Length} tokens, processor time of one core, median (and least) of {Repeats} after warm-up"
        );
        Console.WriteLine(
            $"{"algorithm", -28} {"ms", 7} {"least", 7} {"PyTorch", 8} {"ratio", 6} {"allocated", 11} {"report", 10}"
        );
        var agree = true;
        foreach (var algorithm in Algorithms.All.Where(a => a.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            var (time, least, bytes, report) = Measure(algorithm, batch);
            var (torch, loss, gradient) = peer.TryGetValue(algorithm.Name, out var p) ? p : (double.NaN, double.NaN, double.NaN);
            Console.WriteLine(
                Line(
                    $"{algorithm.Name, -28} {time, 7:0.000} {least, 7:0.000} {torch, 8:0.00} {time / torch, 6:0.00} {bytes / 1024, 8:n0} kB {ReportBytes(report) / 1024, 7:n0} kB"
                )
            );
            if (Near(report.Summary.Loss, loss) && Near(Gradient(report), gradient))
                continue;
            agree = false;
            Console.WriteLine(
                Line($"    loss {report.Summary.Loss:R} and {loss:R}; sum of |gradient| {Gradient(report):R} and {gradient:R}")
            );
        }
        Console.WriteLine(
            agree
                ? "All losses and gradients agree with PyTorch's to 1e-9."
                : "The numbers above disagree (or PyTorch is not installed for /usr/bin/python3)."
        );
        return agree ? 0 : 1;
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-9 * (1 + Math.Abs(b));

    private static double Gradient(TokenReport report) =>
        new[] { report.Weight, report.ValueWeight }.OfType<TokenColumn>().Sum(c => c.Values.ToArray().Sum(Math.Abs));

    private static (double Median, double Least, long Bytes, TokenReport Report) Measure(Objective objective, RolloutBatch batch)
    {
        var report = objective.Evaluate(batch);
        for (var i = 0; i < 100; i++)
            report = objective.Evaluate(batch);
        var times = new double[Repeats];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Repeats; i++)
        {
            var start = ThreadClock.Seconds();
            report = objective.Evaluate(batch);
            times[i] = (ThreadClock.Seconds() - start) * 1e3;
        }
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Repeats;
        Array.Sort(times);
        return (times[Repeats / 2], times[0], bytes, report);
    }

    // Columns, the sides of the clip, and the mask of a batch of which only some responses count.
    private static long ReportBytes(TokenReport report) =>
        new[]
        {
            report.Weight,
            report.Advantage,
            report.Ratio,
            report.Kl,
            report.TokenObjective,
            report.AggregationWeight,
            report.EntropyWeight,
            report.ValueWeight,
            report.ValueTarget,
        }
            .OfType<TokenColumn>()
            .Distinct()
            .Sum(c => 8L * c.Stored)
        + (report.Clipped?.Count ?? 0)
        + report.Batch.Layout.Mask.Length;

    private static Dictionary<string, (double Time, double Loss, double Gradient)> Peer(RolloutBatch batch)
    {
        var file = Path.GetTempFileName();
        EvaluateBatch.Write(batch, Algorithms.ClipCov.Evaluate(batch).Clipped!, file);
        var script = Path.Combine(AppContext.BaseDirectory, "peer", "evaluate.py");
        var start = new ProcessStartInfo(
            "/usr/bin/python3",
            [script, file, $"{EvaluateBatch.Groups}", $"{EvaluateBatch.Group}", $"{EvaluateBatch.Length}", "40"]
        )
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var lines = process
            .StandardOutput.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'));
        process.WaitForExit();
        File.Delete(file);
        return lines.ToDictionary(w => w[0], w => (Number(w[1]), Number(w[2]), Number(w[3])));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
