using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>Our side of the comparison: the step the twin takes, put together from the library's own parts.</summary>
internal sealed class GrpoStep
{
    private const int Passes = 2;
    private readonly BenchmarkConfig _config;
    private readonly AdamW _optimizer;
    private readonly TokenSequences _fixed;
    private readonly double[] _weights;
    private ulong _seed;

    public GrpoStep(BenchmarkConfig config, TinyTransformer policy, TinyTransformer reference)
    {
        (_config, Policy, Reference) = (config, policy, reference);
        _optimizer = new AdamW(policy.Parameters.Count) { Compute = policy.Compute, WeightDecay = 0.01 };
        _fixed = Workload.Sequences(config, 3);
        var random = new SeededRandom(4);
        _weights = [.. Enumerable.Range(0, config.Tokens).Select(_ => random.NextGaussian() / config.Tokens)];
    }

    public static PolicyObjective Objective { get; } = Algorithms.Grpo with { Advantage = new GroupMeanStd { Epsilon = 1e-4 } };

    public TinyTransformer Policy { get; }

    public TinyTransformer Reference { get; }

    /// <summary>Rollout, rewards, advantages, reference, then passes of forward, objective, backward and AdamW.</summary>
    public void Step()
    {
        var (sequences, logProbs) = Workload.Rollout(Policy, _config, ++_seed);
        var credited = Objective.Credit(Batch(sequences, logProbs));
        for (var pass = 0; pass < Passes; pass++)
        {
            Ascend(credited, out _);
            _optimizer.Step(Policy.Parameters, 1e-4, maxNorm: 1);
        }
    }

    public void Rollout() => Workload.Rollout(Policy, _config, 1);

    /// <summary>One forward and backward pass over fixed responses with fixed weights.</summary>
    public void ForwardBackward()
    {
        Array.Clear(Policy.Parameters.Gradient);
        Policy.Forward(_fixed, 1).Backward(_weights);
    }

    /// <summary>Loss and gradient of given responses, and the log-probabilities behind them; nothing is moved.</summary>
    public (double Loss, double GradientNorm, double[] LogProbs, double[] Reference) Evaluate(
        TokenSequences sequences,
        double[] old
    )
    {
        Array.Clear(Policy.Parameters.Gradient);
        var report = Ascend(Objective.Credit(Batch(sequences, old)), out var logProbs);
        var norm = _optimizer.GradientNorm(Policy.Parameters);
        Array.Clear(Policy.Parameters.Gradient);
        return (-report.Summary.Objective, norm, logProbs, report.Batch.ReferenceLogProbs!.Values.ToArray());
    }

    private TokenReport Ascend(CreditedBatch credited, out double[] logProbs)
    {
        var pass = Policy.Forward(credited.Batch.Sequences!, 1);
        logProbs = pass.LogProbs.ToArray();
        var report = Objective.Evaluate(
            credited with
            {
                Batch = credited.Batch with { LogProbs = new TokenColumn(credited.Batch.Layout, logProbs) },
            }
        );
        pass.Backward(report.Weight.Values);
        return report;
    }

    private RolloutBatch Batch(TokenSequences sequences, double[] logProbs)
    {
        var reference = new double[logProbs.Length];
        Reference.Score(sequences, 1, reference, []);
        var column = new TokenColumn(sequences.Layout, logProbs);
        return new RolloutBatch
        {
            Groups = [.. Enumerable.Range(0, _config.Prompts).Select(p => Group(sequences, p))],
            Layout = sequences.Layout,
            Sequences = sequences,
            LogProbs = column,
            OldLogProbs = column,
            ReferenceLogProbs = new TokenColumn(sequences.Layout, reference),
        };
    }

    private ResponseGroup Group(TokenSequences sequences, int prompt)
    {
        var vocabulary = Policy.Vocabulary;
        var asked = sequences.Prompts[prompt][0];
        return new ResponseGroup(
            new Prompt(vocabulary.Decode(sequences.Prompts[prompt])),
            [
                .. Enumerable
                    .Range(prompt * _config.Group, _config.Group)
                    .Select(row =>
                    {
                        var tokens = sequences.Responses[row];
                        return new Response
                        {
                            Symbols = [.. tokens.Select(id => vocabulary[id])],
                            Tokens = tokens,
                            Reward = tokens.Count(id => id == asked) / (double)tokens.Length,
                        };
                    }),
            ]
        );
    }
}
