using UniPo.Numerics;

namespace UniPo.Tests.Policies;

/// <summary>The model that is written to be read, held against the engine that is written to be fast.</summary>
public sealed class TransformerTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory, MemberData(nameof(Seeds))]
    public void The_readable_model_and_the_engine_agree_on_random_models_and_batches(int seed)
    {
        var (policy, sequences, temperature) = Case(seed);
        var expected = new Transformer(policy).Score(sequences, temperature);

        using var pass = policy.Forward(sequences, temperature);

        AssertClose(expected.LogProbs, pass.LogProbs, 3e-5);
        AssertClose(expected.Entropies, pass.Entropies, 3e-5);
        AssertClose(expected.Values, pass.Values, 3e-5);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Both_have_the_same_gradient_for_every_tensor(int seed)
    {
        var (policy, sequences, temperature) = Case(seed);
        var tokens = sequences.Layout.Tokens;
        double[] weights = PolicyCases.Numbers(tokens, 1),
            entropyWeights = PolicyCases.Numbers(tokens, 2),
            valueWeights = policy.HasValueHead ? PolicyCases.Numbers(tokens, 3) : [];
        var expected = new Transformer(policy).Gradient(sequences, weights, temperature, entropyWeights, valueWeights);

        using (var pass = policy.Forward(sequences, temperature))
            pass.Backward(weights, entropyWeights, valueWeights);

        Assert.Equal(policy.Parameters.Tensors.Select(t => t.Name).Order(), expected.Keys.Order());
        foreach (var tensor in policy.Parameters.Tensors)
            Assert.True(
                RelativeError(expected[tensor.Name], [.. policy.Parameters.GradientOf(tensor).ToArray().Select(g => (double)g)])
                    < 1e-4,
                tensor.Name
            );
    }

    [Theory, InlineData(false, true), InlineData(true, false)]
    public void Its_gradient_is_that_of_finite_differences(bool tied, bool valueHead)
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward with { TieEmbeddings = tied, ValueHead = valueHead });
        var sequences = PolicyCases.Batch(prompts: 2, group: 2, longestPrompt: 3, longestResponse: 4);
        var tokens = sequences.Layout.Tokens;
        double[] weights = PolicyCases.Numbers(tokens, 1),
            entropyWeights = PolicyCases.Numbers(tokens, 2),
            valueWeights = valueHead ? PolicyCases.Numbers(tokens, 3) : [];
        var model = new Transformer(policy);
        double Objective()
        {
            var scores = model.Score(sequences, 1.3);
            return Dot(weights, scores.LogProbs) + Dot(entropyWeights, scores.Entropies) + Dot(valueWeights, scores.Values);
        }

        var gradient = model.Gradient(sequences, weights, 1.3, entropyWeights, valueWeights);
        foreach (var (name, parameters) in model.Parameters)
        {
            List<double> exact = [],
                numeric = [];
            for (var i = 0; i < parameters.Length; i += parameters.Length > 100 ? 17 : 1)
            {
                var (kept, step) = (parameters[i], 1e-5);
                parameters[i] = kept + step;
                var above = Objective();
                parameters[i] = kept - step;
                numeric.Add((above - Objective()) / (2 * step));
                parameters[i] = kept;
                exact.Add(gradient[name][i]);
            }
            Assert.True(numeric.Any(n => Math.Abs(n) > 1e-4), $"{name} got no gradient, so this would prove nothing.");
            Assert.True(RelativeError([.. numeric], [.. exact]) < 1e-6, name);
        }
    }

    [Fact]
    public void A_missing_weight_is_refused()
    {
        var sequences = PolicyCases.Batch();
        var fault = Assert.Throws<ArgumentException>(() =>
            new Transformer(PolicyCases.Policy(PolicyCases.Awkward)).Gradient(sequences, [1])
        );
        Assert.Contains($"{sequences.Layout.Tokens} tokens, but 1 weights", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>A model and a batch of random sizes.</summary>
    private static (TinyTransformer Policy, TokenSequences Sequences, double Temperature) Case(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var (heads, half) = (1 + random.NextInt(3), 1 + random.NextInt(9));
        var config = new TinyTransformerConfig
        {
            Layers = 1 + random.NextInt(3),
            Heads = heads,
            Width = heads * 2 * half,
            Hidden = 1 + random.NextInt(40),
            ContextLength = 16,
            TieEmbeddings = random.NextInt(2) == 0,
            ValueHead = random.NextInt(2) == 0,
            RopeTheta = 100,
        };
        var batch = PolicyCases.Batch(
            prompts: 1 + random.NextInt(3),
            group: 3 + random.NextInt(3),
            longestPrompt: 1 + random.NextInt(6),
            longestResponse: 1 + random.NextInt(8),
            seed: (ulong)seed
        );
        return (PolicyCases.Policy(config, (ulong)seed), batch, 0.5 + random.NextDouble());
    }

    private static double RelativeError(double[] expected, double[] actual) =>
        Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum() / Math.Max(Dot(expected, expected), 1e-12));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void AssertClose(double[] expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i] - expected[i], -tolerance, tolerance);
    }
}
