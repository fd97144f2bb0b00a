using System.Diagnostics;
using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>Our training step against the PyTorch twin's fastest variant, in turn on the same machine.</summary>
internal static class Peer
{
    private static readonly string[] Variants =
    [
        "--impl fast ATEN_CPU_CAPABILITY=avx2",
        "--impl fast --rope 1 ATEN_CPU_CAPABILITY=avx2",
        "--impl fast --jit 1 ATEN_CPU_CAPABILITY=avx2",
        "--impl fast --jit 1 --rope 1 ATEN_CPU_CAPABILITY=avx2",
        "--impl fast --jit 2 ATEN_CPU_CAPABILITY=avx2",
        "--impl fast --jit 1 ATEN_CPU_CAPABILITY=avx512",
    ];

    /// <summary>Compares; returns false when both do not compute the same.</summary>
    public static bool Run(BenchmarkConfig config, int threads, int rounds, string python, string? variant)
    {
        var policy = TinyTransformer.Create(config.Model, config.Vocabulary, 1);
        var reference = policy.Clone();
        var random = new SeededRandom(2);
        foreach (ref var value in policy.Parameters.Values.AsSpan())
            value += (float)(0.02 * random.NextGaussian()); // so that the KL penalty is not 0
        (policy.Compute, reference.Compute) = (new Compute(threads), new Compute(threads));
        reference.Compute = policy.Compute;
        var folder = Directory.CreateTempSubdirectory("unipo-peer-");
        try
        {
            var (policyPath, referencePath) = (
                Path.Combine(folder.FullName, "policy.safetensors"),
                Path.Combine(folder.FullName, "reference.safetensors")
            );
            policy.Save(policyPath);
            reference.Save(referencePath);
            using var twin = Fastest(python, config, threads, variant, policyPath, referencePath);
            var ours = new GrpoStep(config, policy, reference);
            Console.WriteLine(
                $"peer: PyTorch {twin.Description} ({twin.Variant}), {threads} thread{(threads > 1 ? "s" : "")}; ours: {policy.Compute.VectorBits}-bit vectors, {policy.Parameters.Count} parameters; configuration {config.Name}"
            );
            if (!ComputeTheSame(ours, twin, config))
                return false;
            Compare(ours, twin, config, threads, rounds);
            return true;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Twin Fastest(
        string python,
        BenchmarkConfig config,
        int threads,
        string? variant,
        string policy,
        string reference
    )
    {
        if (variant is null)
        {
            var best = double.PositiveInfinity;
            foreach (var candidate in Variants)
            {
                using var trial = new Twin(python, config, threads, candidate);
                trial.Load(policy, reference);
                trial.Time("step", 3);
                var time = trial.Time("step", config.Name == "A" ? 15 : 5).Min();
                Console.WriteLine(FormattableString.Invariant($"  {candidate}: best step {time:f1} ms"));
                if (time < best)
                    (best, variant) = (time, candidate);
            }
        }
        var twin = new Twin(python, config, threads, variant!);
        twin.Load(policy, reference);
        return twin;
    }

    /// <summary>
    /// The same weights and responses give the same log-probabilities (by a full pass and by decoding), loss and gradient norm.
    /// </summary>
    private static bool ComputeTheSame(GrpoStep ours, Twin twin, BenchmarkConfig config)
    {
        var (sequences, sampled) = Workload.Rollout(ours.Policy, config, 11);
        double[] old = [.. sampled.Select((l, i) => l + (0.3 * Math.Sin(i)))]; // as if the policy had moved: ratios and clips take part
        var (loss, norm, logProbs, reference) = ours.Evaluate(sequences, old);
        var theirs = twin.Score(sequences, old);
        var differences = new (string What, double Difference, double Allowed)[]
        {
            ("log-probabilities, full pass", Largest(logProbs, Twin.Numbers(theirs, "logProbs")), 1e-4),
            ("log-probabilities, decoding", Largest(sampled, twin.Decode(sequences)), 1e-4),
            ("reference log-probabilities", Largest(reference, Twin.Numbers(theirs, "reference")), 1e-4),
            ("loss", Math.Abs(loss - theirs["loss"]!.GetValue<double>()), 1e-5),
            ("gradient norm, relative", Math.Abs((norm / theirs["gradientNorm"]!.GetValue<double>()) - 1), 1e-3),
        };
        foreach (var (what, difference, allowed) in differences)
            Console.WriteLine(
                FormattableString.Invariant($"same {what}: largest difference {difference:g2} (allowed {allowed:g1})")
            );
        return differences.All(d => d.Difference <= d.Allowed);
    }

    private static void Compare(GrpoStep ours, Twin twin, BenchmarkConfig config, int threads, int rounds)
    {
        var meter = new PeakMeter(ours.Policy.Compute);
        // A step is a rollout, the reference's forward pass, and two passes of three times a forward pass each.
        foreach (
            var (what, run, passes, tokens) in new (string, Action, int, int)[]
            {
                ("step", ours.Step, 8, config.Tokens),
                ("rollout", ours.Rollout, 1, config.Tokens),
                ("forward-backward", ours.ForwardBackward, 3, config.Responses * (config.PromptTokens + config.ResponseTokens)),
            }
        )
        {
            var times = config.Name == "A" ? 12 : 4;
            for (var warm = 0; warm < 3 * times; warm++)
                run();
            twin.Time(what, times);
            var (theirs, own, ratios, peaks, fractions) = (
                new List<double>(),
                new List<double>(),
                new List<double>(),
                new List<double>(),
                new List<double>()
            );
            var (asked, done) = (passes * config.ForwardFlop / 1e6, passes * config.SharedForwardFlop / 1e6);
            for (var round = 0; round < rounds; round++)
            {
                var before = meter.Now(Wall);
                own.Add(Median(Enumerable.Range(0, times).Select(_ => Milliseconds(run))));
                peaks.Add((before + meter.Now(Wall)) / 2);
                fractions.Add(done / own[^1] / peaks[^1]);
                theirs.Add(Median(twin.Time(what, times)));
                ratios.Add(theirs[^1] / own[^1]);
            }
            var (mine, other) = (Median(own), Median(theirs));
            Console.WriteLine(
                FormattableString.Invariant(
                    $"{what}: ours {mine:f2} ms, twin {other:f2} ms; by round {string.Join(" ", ratios.Select(r => r.ToString("f2", System.Globalization.CultureInfo.InvariantCulture)))}"
                )
            );
            Console.WriteLine(
                FormattableString.Invariant($"{what}: ours {tokens / mine:f0} k tokens/s, twin {tokens / other:f0} k tokens/s")
            );
            Console.WriteLine(
                FormattableString.Invariant(
                    $"{what}: {asked / mine:f0} GFLOP/s of the work asked for, {done / mine:f0} GFLOP/s done (prompts once a group): {Median(fractions):p0} of the FMA peak measured beside it ({Median(peaks):f0} GFLOP/s on {threads} thread{(threads > 1 ? "s" : "")}); twin {asked / other:f0} GFLOP/s"
                )
            );
            Console.WriteLine(FormattableString.Invariant($"{what} ratio {Median(ratios):f2}"));
        }
        Console.WriteLine(
            FormattableString.Invariant(
                $"memory of this process {Environment.WorkingSet / 1e6:f0} MB, at most {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:f0} MB"
            )
        );
    }

    private static double Wall() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private static double Milliseconds(Action run)
    {
        var start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Largest(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
}
