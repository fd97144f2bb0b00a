namespace UniPo.Tests.Policies;

public sealed class DistributionPassTests
{
    private static readonly TinyTransformer Policy = PolicyCases.Policy(PolicyCases.Awkward);
    private static readonly TokenSequences Batch = PolicyCases.Batch();
    private static readonly int Symbols = PolicyCases.Symbols.Count;

    [Fact]
    public void Distributions_add_up_to_one_and_agree_with_the_log_probs_of_the_chosen_tokens()
    {
        var pass = Assert.IsAssignableFrom<IDistributionPass>(Policy.Forward(Batch, 0.7));
        var all = new double[Batch.Layout.Tokens * Symbols];
        pass.Distributions(all);
        var tokens = Batch.Responses.SelectMany(r => r).ToArray();
        for (var t = 0; t < tokens.Length; t++)
        {
            Assert.Equal(1, all.AsSpan(t * Symbols, Symbols).ToArray().Sum(Math.Exp), 6);
            Assert.Equal(pass.LogProbs[t], all[t * Symbols + tokens[t]], 12);
        }
    }

    [Fact]
    public void Weights_on_the_chosen_symbols_alone_give_the_gradient_of_an_ordinary_backward_pass()
    {
        var weights = PolicyCases.Numbers(Batch.Layout.Tokens, 1);
        var tokens = Batch.Responses.SelectMany(r => r).ToArray();
        var spread = new double[tokens.Length * Symbols];
        for (var t = 0; t < tokens.Length; t++)
            spread[t * Symbols + tokens[t]] = weights[t];

        var expected = Gradient(pass => pass.Backward(weights));
        var actual = Gradient(pass => pass.BackwardDistributions(spread));
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-4f);
        Assert.Equal(
            expected,
            Gradient(pass =>
            {
                pass.BackwardDistributions(spread);
                Array.Clear(Policy.Parameters.Gradient);
                pass.Backward(weights);
            })
        );
    }

    [Fact]
    public void Wrong_lengths_and_numbers_are_refused()
    {
        var pass = (IDistributionPass)Policy.Forward(Batch, 1);
        Assert.Throws<ArgumentException>(() => pass.Distributions(new double[3]));
        Assert.Throws<ArgumentException>(() => pass.BackwardDistributions(new double[3]));
        var weights = new double[Batch.Layout.Tokens * Symbols];
        weights[5] = double.NaN;
        Assert.Contains(
            "finite",
            Assert.Throws<ArgumentException>(() => pass.BackwardDistributions(weights)).Message,
            StringComparison.Ordinal
        );
    }

    private static float[] Gradient(Action<IDistributionPass> backward)
    {
        Array.Clear(Policy.Parameters.Gradient);
        backward((IDistributionPass)Policy.Forward(Batch, 0.7));
        return [.. Policy.Parameters.Gradient];
    }
}
