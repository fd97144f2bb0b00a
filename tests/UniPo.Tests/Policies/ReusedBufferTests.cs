using UniPo.Engine;

namespace UniPo.Tests.Policies;

/// <summary>A rollout's cache and a recorded pass use one buffer in turn; nobody may notice.</summary>
public sealed class ReusedBufferTests
{
    private static readonly TokenSequences Batch = PolicyCases.Batch();
    private static readonly double[] Weights = PolicyCases.Numbers(Batch.Layout.Tokens, 1);

    [Fact]
    public void A_rollout_between_forward_and_backward_leaves_the_gradient_as_it_is()
    {
        var expected = Gradient(PolicyCases.Policy(PolicyCases.Awkward));
        var policy = PolicyCases.Policy(PolicyCases.Awkward);

        var pass = policy.Forward(Batch, 1);
        Logits(policy);
        pass.Backward(Weights);

        Assert.Equal(expected, policy.Parameters.Gradient);
    }

    [Fact]
    public void Scoring_between_forward_and_backward_leaves_the_gradient_as_it_is()
    {
        var expected = Gradient(PolicyCases.Policy(PolicyCases.Awkward));
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        var other = PolicyCases.Batch(prompts: 1, group: 1, longestPrompt: 2, longestResponse: 2);

        var pass = policy.Forward(Batch, 1);
        policy.Score(other, 1, new double[other.Layout.Tokens], []);
        pass.Backward(Weights);

        Assert.Equal(expected, policy.Parameters.Gradient);
    }

    [Fact]
    public void A_forward_pass_during_a_rollout_disturbs_neither()
    {
        var expected = (Gradient(PolicyCases.Policy(PolicyCases.Awkward)), Logits(PolicyCases.Policy(PolicyCases.Awkward)));
        var policy = PolicyCases.Policy(PolicyCases.Awkward);

        float[] gradient = [];
        var logits = Logits(policy, afterTheFirstToken: () => gradient = Gradient(policy));

        Assert.Equal(expected.Item1, gradient);
        Assert.Equal(expected.Item2, logits);
    }

    [Fact]
    public void Training_steps_in_turn_with_rollouts_give_what_they_give_alone()
    {
        var alone = Gradient(PolicyCases.Policy(PolicyCases.Awkward));
        var logits = Logits(PolicyCases.Policy(PolicyCases.Awkward));
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(logits, Logits(policy));
            Array.Clear(policy.Parameters.Gradient);
            Assert.Equal(alone, Gradient(policy));
        }
    }

    [Fact]
    public void A_pass_whose_room_a_rollout_has_taken_says_so_instead_of_giving_a_wrong_gradient()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        var pass = policy.Forward(Batch, 1);
        pass.Backward(Weights);
        pass.Backward(Weights); // twice is fine while nothing came between
        Logits(policy);

        var error = Assert.Throws<InvalidOperationException>(() => pass.Backward(Weights));
        Assert.Contains("Run Forward again", error.Message, StringComparison.Ordinal);
    }

    private static float[] Logits(TinyTransformer policy, Action? afterTheFirstToken = null)
    {
        using var decoding = policy.Begin(Batch.Prompts, group: 2, maxTokens: 4);
        var seen = decoding.Logits.ToArray().ToList();
        for (var t = 0; t < 3; t++)
        {
            decoding.Append([.. Enumerable.Range(0, decoding.Rows).Select(row => (row + t) % 7)]);
            seen.AddRange(decoding.Logits.ToArray());
            if (t == 0)
                afterTheFirstToken?.Invoke();
        }
        return [.. seen];
    }

    private static float[] Gradient(TinyTransformer policy)
    {
        policy.Forward(Batch, 1).Backward(Weights);
        return [.. policy.Parameters.Gradient];
    }
}
