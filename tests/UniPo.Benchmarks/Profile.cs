using System.Diagnostics;
using UniPo.Engine;
using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>
/// Where the time of a step goes: every kernel on its own, at the sizes of a configuration, times the calls of a step.
/// </summary>
internal sealed unsafe class Profile
{
    private readonly BenchmarkConfig _config;
    private readonly Kernels _kernels;
    private readonly FloatBuffer[] _buffers = [.. Enumerable.Range(0, 6).Select(_ => new FloatBuffer())];
    private readonly int _rows,
        _chunks;

    private Profile(BenchmarkConfig config, Kernels kernels)
    {
        (_config, _kernels) = (config, kernels);
        _rows = config.PromptTokens + (config.Group * (config.ResponseTokens - 1));
        _chunks = config.Prompts;
        foreach (var buffer in _buffers)
        {
            var p = buffer.Reserve((long)Padding.Rows(_rows + 64) * 1024);
            for (var i = 0; i < buffer.Length; i++)
                p[i] = (i % 13 * 0.1f) - 0.6f;
        }
    }

    public static void Run(BenchmarkConfig config, int? vectorBits)
    {
        var kernels = vectorBits is { } bits ? Kernels.For(bits) : Kernels.Widest;
        Console.WriteLine(
            $"Configuration {config.Name}, one thread, {kernels.VectorBits}-bit vectors; processor time, the best of many, in milliseconds a pass over the batch."
        );
        var peak = PeakMeter.GigaflopPerSecond(kernels.VectorBits);
        Console.WriteLine(FormattableString.Invariant($"FMA peak {peak:f0} GFLOP/s"));
        new Profile(config, kernels).Steps(peak);
        Passes(config, kernels.VectorBits, peak);
    }

    private void Steps(double peak)
    {
        var (model, layers) = (_config.Model, _config.Model.Layers);
        var (d, h, v) = (model.Width, model.Hidden, _config.Vocabulary.Count);
        float* a = _buffers[0].Pointer,
            b = _buffers[1].Pointer,
            c = _buffers[2].Pointer,
            e = _buffers[3].Pointer,
            f = _buffers[4].Pointer;
        foreach (
            var (name, outputs, inputs, calls) in new[]
            {
                ("q, k, v", 3 * d, d, layers),
                ("output", d, d, layers),
                ("gate, up", 2 * h, d, layers),
                ("down", d, h, layers),
                ("head", v, d, 1),
            }
        )
        {
            var flop = 2.0 * _rows * outputs * inputs * calls * _chunks;
            Report(
                $"{name} forward",
                calls,
                () => Product(a, inputs, 1, b, 32, 32 * inputs, c, outputs, _rows, outputs, inputs),
                flop,
                peak
            );
            Report(
                $"{name} by input",
                calls,
                () => Product(c, outputs, 1, b, 32, 32 * outputs, a, inputs, _rows, inputs, outputs),
                flop,
                peak
            );
            Report(
                $"{name} by weight",
                calls,
                () => Product(c, 1, outputs, a, inputs, 32, b, inputs, outputs, inputs, _rows, true),
                flop,
                peak
            );
        }
        var table = new RotaryTable(d / model.Heads, model.ContextLength, 1e4);
        var scratch = new AttentionScratch();
        int[] lengths = [.. Enumerable.Repeat(_config.ResponseTokens - 1, _config.Group)];
        AttentionRows Rows() =>
            new()
            {
                QueryKeyValue = a,
                QueryKeyValueGradient = c,
                Attended = e,
                Part = d,
                Heads = model.Heads,
                HeadSize = d / model.Heads,
                Prompt = _config.PromptTokens,
                Responses = lengths,
                Scratch = scratch,
            };
        Report("attention forward", layers, () => _kernels.Attention(Rows()));
        Report("attention backward", layers, () => _kernels.AttentionBackward(Rows()));
        Report(
            "rotation",
            layers,
            () => _kernels.Rotate(a, 3 * d, d, model.Heads, table, Math.Min(_rows, model.ContextLength), 0)
        );
        Report("norm forward", (2 * layers) + 1, () => _kernels.RmsNorm(a, b, c, _rows, d, d, 1e-5f));
        Report("norm backward", (2 * layers) + 1, () => _kernels.RmsNormBackward(a, b, c, e, f, _rows, d, d, 1e-5f));
        Report("gate forward", layers, () => _kernels.SwiGlu(a, c, _rows, h));
        Report("gate backward", layers, () => _kernels.SwiGluBackward(a, c, e, f, _rows, h));
        Report("copy", 2 * layers, () => new Span<float>(a, _rows * d).CopyTo(new Span<float>(c, _rows * d)));
        Report(
            "log-softmax",
            1,
            () =>
            {
                for (var row = 0; row < _rows; row++)
                    _kernels.Shift(a + (row * v), v, v, 1, out _);
            }
        );
        Report(
            "log-softmax backward",
            1,
            () =>
            {
                for (var row = 0; row < _rows; row++)
                    _kernels.ShiftBackward(a + (row * v), c + (row * v), v, v, 0.1f, 0.1f);
            }
        );
    }

    private static void Passes(BenchmarkConfig config, int vectorBits, double peak)
    {
        foreach (var threads in new[] { 1, 2 })
        {
            var policy = TinyTransformer.Create(config.Model, config.Vocabulary, 1);
            policy.Compute = new Compute(threads, vectorBits);
            var sequences = Workload.Sequences(config, 1);
            double[] weights = [.. Enumerable.Range(0, config.Tokens).Select(i => (i % 7 - 3) * 1e-4)],
                logProbs = new double[config.Tokens];
            var optimizer = new AdamW(policy.Parameters.Count) { Compute = policy.Compute };
            Console.WriteLine($"{threads} thread{(threads > 1 ? "s" : "")}");
            Line(
                "score",
                Best(threads, () => policy.Score(sequences, 1, logProbs, [])),
                config.SharedForwardFlop,
                peak * threads
            );
            var pass = policy.Forward(sequences, 1);
            Line("forward", Best(threads, () => policy.Forward(sequences, 1)), config.SharedForwardFlop, peak * threads);
            Line("backward", Best(threads, () => pass.Backward(weights)), 2 * config.SharedForwardFlop, peak * threads);
            Line("optimiser", Best(threads, () => optimizer.Step(policy.Parameters, 1e-5, 1)), 0, 0);
            Line("decoding", Best(threads, () => Workload.Decode(policy, config)), config.SharedForwardFlop, peak * threads);
            Line("rollout", Best(threads, () => Workload.Rollout(policy, config, 1)), config.SharedForwardFlop, peak * threads);
        }
    }

    private void Report(string name, int calls, Action once, double flop = 0, double peak = 0) =>
        Line(name, calls * _chunks * Best(1, once), flop, peak);

    private static void Line(string name, double seconds, double flop, double peak) =>
        Console.WriteLine(
            FormattableString.Invariant($"  {name, -22}{seconds * 1e3, 9:f3} ms")
                + (
                    flop > 0
                        ? FormattableString.Invariant($"{flop / seconds / 1e9, 8:f0} GFLOP/s {flop / seconds / 1e9 / peak, 6:p0}")
                        : ""
                )
        );

    /// <summary>The best of many: processor time on one thread, wall-clock time on several.</summary>
    private static double Best(int threads, Action once)
    {
        var best = double.PositiveInfinity;
        var until = Stopwatch.StartNew();
        for (var n = 0; n < 20 || (until.ElapsedMilliseconds < 300 && n < 3000); n++)
        {
            var (start, processor) = (Stopwatch.GetTimestamp(), ThreadClock.Seconds());
            once();
            best = Math.Min(
                best,
                threads == 1 ? ThreadClock.Seconds() - processor : Stopwatch.GetElapsedTime(start).TotalSeconds
            );
        }
        return best;
    }

    private void Product(
        float* a,
        int aRow,
        int aStep,
        float* b,
        int bStep,
        int bPanel,
        float* c,
        int cRow,
        int rows,
        int columns,
        int steps,
        bool accumulate = false
    ) =>
        _kernels.Multiply(
            new MatrixProduct
            {
                A = a,
                ARow = aRow,
                AStep = aStep,
                B = b,
                BStep = bStep,
                BPanel = bPanel,
                C = c,
                CRow = cRow,
                Rows = rows,
                Columns = columns,
                Steps = steps,
                Start = accumulate ? c : null,
            }
        );
}
