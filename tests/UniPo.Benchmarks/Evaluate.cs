using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>Time and memory of Evaluate on 128 responses of 512 tokens, one core, and the same computation in PyTorch.</summary>
internal static class Evaluate
{
    private const int Groups = 16, Group = 8, Length = 512, Repeats = 200;

    public static int Run()
    {
        var batch = Batch();
        Console.WriteLine($"{Groups * Group} responses of {Length} tokens, processor time of one core, median and least of {Repeats} after warm-up");
        Console.WriteLine($"{"algorithm",-28} {"ms",8} {"least",8} {"allocated",12} {"of it report",13}");
        foreach (var algorithm in Algorithms.All.OfType<PolicyObjective>().Where(a => a.Advantage is not (RubricAdvantage or GreedyBaseline) && !a.Sampling.NeedsCritic))
        {
            var (time, least, bytes, report) = Measure(algorithm, batch);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{algorithm.Name,-28} {time,8:0.000} {least,8:0.000} {bytes / 1024,9:n0} kB {ReportBytes(report) / 1024,10:n0} kB"));
        }
        return Peer(batch);
    }

    private static (double Median, double Least, long Bytes, TokenReport Report) Measure(Objective objective, RolloutBatch batch)
    {
        var report = objective.Evaluate(batch);
        for (var i = 0; i < 100; i++) report = objective.Evaluate(batch);
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

    private static long ReportBytes(TokenReport report) =>
        new[] { report.Weight, report.Advantage, report.Ratio, report.Kl, report.TokenObjective, report.AggregationWeight, report.EntropyWeight, report.ValueWeight }
            .OfType<TokenColumn>().Distinct().Sum(c => 8L * c.Values.Length) + (report.Clipped?.Count ?? 0);

    private static RolloutBatch Batch()
    {
        var random = new SeededRandom(1);
        var tokens = Groups * Group * Length;
        var layout = new TokenLayout([.. Enumerable.Repeat(Length, Groups * Group)], [.. Enumerable.Repeat(Group, Groups)]);
        double[] old = [.. Enumerable.Range(0, tokens).Select(_ => -0.01 - 3 * random.NextDouble())];
        TokenColumn Near(double spread) => new(layout, [.. old.Select(o => Math.Min(o + spread * random.NextGaussian(), 0))]);
        var symbols = Enumerable.Repeat("x", Length).ToArray();
        return new RolloutBatch
        {
            Groups = [.. Enumerable.Range(0, Groups).Select(g => new ResponseGroup(new Prompt($"{g}"), [.. Enumerable.Range(0, Group).Select(_ => new Response { Symbols = symbols, Reward = random.NextInt(2) })]))],
            Layout = layout,
            LogProbs = Near(0.15),
            OldLogProbs = new TokenColumn(layout, old),
            ReferenceLogProbs = Near(0.3),
            Entropies = Near(0.1),
        };
    }

    private static int Peer(RolloutBatch batch)
    {
        var file = Path.GetTempFileName();
        using (var stream = File.Create(file))
        {
            foreach (var column in new[] { batch.LogProbs, batch.OldLogProbs, batch.ReferenceLogProbs! }) stream.Write(MemoryMarshal.AsBytes(column.Values));
            stream.Write(MemoryMarshal.AsBytes<double>(batch.Rewards()));
        }
        var script = Path.Combine(AppContext.BaseDirectory, "peer", "evaluate.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script, file, $"{Groups}", $"{Group}", $"{Length}", $"{Repeats}"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var words = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        process.WaitForExit();
        File.Delete(file);
        if (process.ExitCode != 0 || words.Length != 3)
        {
            Console.Error.WriteLine("PyTorch did not answer; is it installed for /usr/bin/python3?");
            return 1;
        }
        double[] numbers = [.. words.Select(w => double.Parse(w, CultureInfo.InvariantCulture))];
        var (time, _, _, report) = Measure(Algorithms.Grpo, batch);
        var gradient = report.Weight.Values.ToArray().Sum(Math.Abs);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"GRPO: UniPo {time:0.000} ms, PyTorch {numbers[0]:0.000} ms (loss and gradient, float64, one thread); ratio {time / numbers[0]:0.00}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      loss {report.Summary.Loss:R} and {numbers[1]:R}; sum of |gradient| {gradient:R} and {numbers[2]:R}"));
        return Math.Abs(report.Summary.Loss - numbers[1]) < 1e-9 && Math.Abs(gradient - numbers[2]) < 1e-9 ? 0 : 1;
    }
}
