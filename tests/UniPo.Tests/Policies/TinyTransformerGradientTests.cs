namespace UniPo.Tests.Policies;

public class TinyTransformerGradientTests
{
    public static TheoryData<string> Cases => [.. Configs.Keys];

    private static readonly Dictionary<string, TinyTransformerConfig> Configs = new()
    {
        ["awkward sizes"] = PolicyCases.Awkward,
        ["tied embeddings"] = PolicyCases.Awkward with { TieEmbeddings = true },
        ["value head"] = PolicyCases.Awkward with { ValueHead = true },
        ["heads of sixteen"] = PolicyCases.Awkward with { Width = 32, Heads = 2, Hidden = 16, ValueHead = true, Layers = 1 },
        ["heads of thirty-two"] = PolicyCases.Awkward with { Width = 32, Heads = 1, Hidden = 40, TieEmbeddings = true },
        ["one layer of width two"] = PolicyCases.Awkward with { Layers = 1, Width = 2, Heads = 1, Hidden = 1 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Log_probs_entropies_and_values_are_those_of_a_plain_computation_in_double(string name)
    {
        var policy = PolicyCases.Policy(Configs[name]);
        var sequences = PolicyCases.Batch();
        var expected = new Transformer(policy).Score(sequences, temperature: 0.7);

        var pass = policy.Forward(sequences, temperature: 0.7);

        AssertClose(expected.LogProbs, pass.LogProbs, 2e-5);
        AssertClose(expected.Entropies, pass.Entropies, 2e-5);
        AssertClose(expected.Values, pass.Values, 2e-5);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Gradient_of_every_tensor_is_that_of_finite_differences_in_double(string name)
    {
        var policy = PolicyCases.Policy(Configs[name]);
        var sequences = PolicyCases.Batch(prompts: 2, group: 3, longestPrompt: 3, longestResponse: 4);
        var tokens = sequences.Layout.Tokens;
        double[] weights = PolicyCases.Numbers(tokens, 1),
            entropyWeights = PolicyCases.Numbers(tokens, 2);
        var valueWeights = policy.HasValueHead ? PolicyCases.Numbers(tokens, 3) : [];
        policy.Forward(sequences, temperature: 1.3).Backward(weights, entropyWeights, valueWeights);
        var readable = new Transformer(policy);
        double Objective()
        {
            var (logProbs, entropies, values) = readable.Score(sequences, temperature: 1.3);
            return Dot(weights, logProbs) + Dot(entropyWeights, entropies) + Dot(valueWeights, values);
        }

        foreach (var tensor in policy.Parameters.Tensors)
        {
            var gradient = policy.Parameters.GradientOf(tensor).ToArray();
            double error = 0,
                norm = 0;
            // Large tensors are sampled, at a stride that visits every column.
            for (var i = 0; i < tensor.Length; i += tensor.Length > 100 ? 13 : 1)
            {
                ref var parameter = ref readable.Parameters[tensor.Name][i];
                var (kept, step) = (parameter, 1e-5);
                parameter = kept + step;
                var above = Objective();
                parameter = kept - step;
                var numeric = (above - Objective()) / (2 * step);
                parameter = kept;
                error += Math.Pow(gradient[i] - numeric, 2);
                norm += numeric * numeric;
            }
            Assert.True(norm > 1e-8, $"{tensor.Name} got no gradient, so this would prove nothing.");
            Assert.True(Math.Sqrt(error / norm) < 1e-4, $"{tensor.Name}: relative error {Math.Sqrt(error / norm):g3}");
        }
    }

    [Fact]
    public void Backward_adds_to_the_gradient_that_is_there()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        var sequences = PolicyCases.Batch();
        var weights = PolicyCases.Numbers(sequences.Layout.Tokens, 1);
        policy.Forward(sequences, 1).Backward(weights);
        var once = policy.Parameters.Gradient.ToArray();

        policy.Forward(sequences, 1).Backward(weights);

        Assert.Equal(once.Select(g => g + g), policy.Parameters.Gradient);
    }

    [Fact]
    public void The_gradient_of_a_split_batch_is_that_of_the_whole()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        var whole = PolicyCases.Batch(prompts: 4, group: 2);
        var weights = PolicyCases.Numbers(whole.Layout.Tokens, 1);
        policy.Forward(whole, 1).Backward(weights);
        var expected = policy.Parameters.Gradient.ToArray();
        Array.Clear(policy.Parameters.Gradient);

        foreach (var (first, end) in new[] { (0, 1), (1, 4) })
        {
            var part = new TokenSequences(
                [.. whole.Prompts.Skip(first).Take(end - first)],
                [.. whole.Responses.Skip(2 * first).Take(2 * (end - first))],
                [.. Enumerable.Repeat(2, end - first)]
            );
            policy.Forward(part, 1).Backward(weights.AsSpan(whole.Layout.RowStarts[2 * first], part.Layout.Tokens));
        }

        var error = Math.Sqrt(
            expected.Zip(policy.Parameters.Gradient, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Sum(a => (double)a * a)
        );
        Assert.True(error < 1e-6, $"relative error {error:g3}");
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void AssertClose(double[] expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i] - expected[i], -tolerance, tolerance);
    }
}
