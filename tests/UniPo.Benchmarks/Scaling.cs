using System.Diagnostics;
using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>
/// What a token costs as the batch grows, and what a layer costs: forward and backward pass, rollout, and whole step.
/// </summary>
/// <remarks>
/// Sizes take turns, so that a slow minute of the machine hits all of them. Times are multiplied by the peak measured beside
/// them: a token costs a number of multiply-adds of a machine at its peak, which depends little on what else runs. On one thread
/// processor time is taken.
/// </remarks>
internal static class Scaling
{
    public static void Run(BenchmarkConfig config, int threads, int rounds)
    {
        Console.WriteLine(
            $"Configuration {config.Name}, {threads} threads, median of {rounds} rounds; cost in µs a response token at the median peak, and relative to the median size"
        );
        int[] responses = [32, 64, 128, 256, 512, 1024];
        Table(
            "responses",
            responses,
            [.. responses.Select(n => config with { Prompts = n / config.Group })],
            threads,
            rounds,
            perLayer: false
        );
        int[] layers = [1, 2, 4, 8];
        Table(
            "layers",
            layers,
            [.. layers.Select(n => config with { Model = config.Model with { Layers = n } })],
            threads,
            rounds,
            perLayer: true
        );
    }

    private static void Table(string what, int[] sizes, BenchmarkConfig[] configs, int threads, int rounds, bool perLayer)
    {
        var compute = new Compute(threads);
        var meter = new PeakMeter(compute);
        GrpoStep[] steps =
        [
            .. configs.Select(config =>
            {
                var policy = TinyTransformer.Create(config.Model, config.Vocabulary, 1);
                policy.Compute = compute;
                return new GrpoStep(config, policy, policy.Clone());
            }),
        ];
        Console.WriteLine($"{what, 10}{"forward-backward", 24}{"rollout", 24}{"step", 24}");
        Func<GrpoStep, Action>[] works = [s => s.ForwardBackward, s => s.Rollout, s => s.Step];
        Func<double> clock = threads == 1 ? ThreadClock.Seconds : Wall;
        var cells = works.Select(work => Column(configs, [.. steps.Select(work)], meter, clock, rounds, perLayer)).ToArray();
        for (var i = 0; i < sizes.Length; i++)
            Console.WriteLine($"{sizes[i], 10}{string.Concat(cells.Select(column => Cell(column, i)))}");
        var spread = cells.Select(column => FormattableString.Invariant($"{(column.Max() / column.Min()) - 1, 22:p0}  "));
        Console.WriteLine($"{"spread", 10}{string.Concat(spread)}");
    }

    private static string Cell(double[] column, int i) =>
        FormattableString.Invariant($"{column[i], 14:f3} ({column[i] / column.Order().ElementAt(column.Length / 2), 5:f2}) ");

    /// <summary>Cost of a token at each size, or of a token in a layer.</summary>
    private static double[] Column(
        BenchmarkConfig[] configs,
        Action[] works,
        PeakMeter meter,
        Func<double> clock,
        int rounds,
        bool perLayer
    )
    {
        List<double>[] costs = [.. works.Select(_ => new List<double>())];
        var peaks = new List<double>();
        foreach (var work in works)
            work();
        for (var round = 0; round < rounds; round++)
        for (var i = 0; i < works.Length; i++)
        {
            // About the same time for every size: small ones are repeated.
            var times = Math.Max(
                1,
                configs.Max(c => c.Tokens * c.Model.Layers) / (configs[i].Tokens * configs[i].Model.Layers) / 2
            );
            var before = meter.Now(clock);
            var start = clock();
            for (var n = 0; n < times; n++)
                works[i]();
            var time = (clock() - start) / times;
            var peak = (before + meter.Now(clock)) / 2;
            peaks.Add(peak);
            costs[i].Add(time * peak / configs[i].Tokens / (perLayer ? configs[i].Model.Layers : 1));
        }
        peaks.Sort();
        return [.. costs.Select(c => c.Order().ElementAt(c.Count / 2) / peaks[peaks.Count / 2] * 1e6)];
    }

    private static double Wall() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
