using UniPo.Numerics;
using UniPo.Tests.Policies;

namespace UniPo.Tests;

public sealed class FisherProductTests
{
    private static readonly TokenSequences Batch = PolicyCases.Batch(prompts: 2, group: 2, longestPrompt: 3, longestResponse: 3);
    private static readonly double[] Shares =
    [
        .. Enumerable.Range(0, Batch.Layout.Tokens).Select(i => (i % 3) / (double)Batch.Layout.Tokens),
    ];

    private static TinyTransformer Policy() =>
        PolicyCases.Policy(
            new()
            {
                Layers = 1,
                Width = 8,
                Heads = 2,
                Hidden = 6,
                ContextLength = 8,
            }
        );

    [Fact]
    public void It_is_the_sum_of_outer_products_of_every_symbols_gradient()
    {
        var policy = Policy();
        var vector = PolicyCases.Numbers(policy.Parameters.Count, 5);
        var expected = new double[vector.Length];
        var symbols = policy.Vocabulary.Count;
        var logProbs = new double[Batch.Layout.Tokens * symbols];
        ((IDistributionPass)policy.Forward(Batch, 0.8)).Distributions(logProbs);
        for (var i = 0; i < logProbs.Length; i++)
        {
            var one = new double[logProbs.Length];
            one[i] = 1;
            Array.Clear(policy.Parameters.Gradient);
            ((IDistributionPass)policy.Forward(Batch, 0.8)).BackwardDistributions(one);
            var gradient = policy.Parameters.Gradient.Select(g => (double)g).ToArray();
            var share = Shares[i / symbols] * Math.Exp(logProbs[i]) * Dot(gradient, vector);
            for (var k = 0; k < expected.Length; k++)
                expected[k] += share * gradient[k];
        }
        var actual = new FisherProduct(policy, Batch, 0.8, Shares).Times(vector);
        var scale = Math.Sqrt(Dot(expected, expected));
        for (var k = 0; k < expected.Length; k++)
            Assert.InRange(actual[k] - expected[k], -0.01 * scale, 0.01 * scale);
        Assert.InRange(Dot(actual, expected) / (scale * Math.Sqrt(Dot(actual, actual))), 0.9995, 1.0001);
    }

    [Fact]
    public void A_small_move_changes_the_distributions_by_half_its_product()
    {
        var policy = Policy();
        var fisher = new FisherProduct(policy, Batch, 1, Shares);
        Assert.Equal(0, fisher.Divergence(), 9);
        var move = PolicyCases.Numbers(policy.Parameters.Count, 6).Select(x => 0.003 * x).ToArray();
        var predicted = Dot(move, fisher.Times(move)) / 2;
        for (var i = 0; i < move.Length; i++)
            policy.Parameters.Values[i] += (float)move[i];
        Assert.InRange(fisher.Divergence() / predicted, 0.95, 1.05);
    }

    [Fact]
    public void It_leaves_the_parameters_as_they_were()
    {
        var policy = Policy();
        float[] before = [.. policy.Parameters.Values];
        new FisherProduct(policy, Batch, 1, Shares).Times(PolicyCases.Numbers(before.Length, 7));
        Assert.Equal(before, policy.Parameters.Values);
    }

    [Fact]
    public void A_policy_that_knows_only_the_chosen_tokens_is_refused()
    {
        var task = new LetterTask();
        var batch = Sampler.Sample(new BigramPolicy(task.Vocabulary, 3), task, 2, 2);
        var error = Assert.Throws<ArgumentException>(() =>
            new FisherProduct(new BigramPolicy(task.Vocabulary), batch.Sequences!, 1, new double[batch.Layout.Tokens])
        );
        Assert.Contains("whole distributions", error.Message, StringComparison.Ordinal);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
