using System.Diagnostics;
using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>
/// One kind of work over and over: for a profiler, and to compare two versions on a machine whose speed changes.
/// </summary>
/// <remarks>
/// Before and after every round the machine's peak is measured for a moment. The fraction of it that the work reaches hardly
/// depends on what else the machine does. On one thread processor time is taken, which does not count waiting.
/// </remarks>
internal static class Loop
{
    public static void Run(BenchmarkConfig config, string what, int threads, int seconds, int? vectorBits)
    {
        var policy = TinyTransformer.Create(config.Model, config.Vocabulary, 1);
        policy.Compute = new Compute(threads, vectorBits);
        var step = new GrpoStep(config, policy, policy.Clone());
        (Action work, var flop) = what switch
        {
            "step" => ((Action)step.Step, 8 * config.SharedForwardFlop),
            "rollout" => (step.Rollout, config.SharedForwardFlop),
            "forward-backward" => (step.ForwardBackward, 3 * config.SharedForwardFlop),
            _ => throw new ArgumentException($"There is no work '{what}'; there are step, rollout and forward-backward."),
        };
        for (var warm = 0; warm < 5; warm++)
            work();
        Func<double> clock = threads == 1 ? ThreadClock.Seconds : () => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        var peak = new PeakMeter(policy.Compute);
        var (times, fractions) = (new List<double>(), new List<double>());
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (var n = 0; n < 3; n++)
            work();
        allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 3; // on all threads
        var total = Stopwatch.StartNew();
        var before = peak.Now(clock);
        while (total.Elapsed.TotalSeconds < seconds)
        {
            var start = clock();
            work();
            var time = clock() - start;
            var after = peak.Now(clock);
            times.Add(time * 1e3);
            fractions.Add(flop / time / 1e9 / ((before + after) / 2));
            before = after;
        }
        times.Sort();
        fractions.Sort();
        Console.WriteLine(
            FormattableString.Invariant(
                $"{what} {config.Name}, {threads} threads: best {times[0]:f2} ms, median {times[times.Count / 2]:f2}; of the peak beside it: median {fractions[fractions.Count / 2]:p1}, upper quartile {fractions[fractions.Count * 3 / 4]:p1}; peak now {before:f0} GFLOP/s; {allocated:n0} bytes allocated a round; memory at most {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:f0} MB"
            )
        );
    }
}
