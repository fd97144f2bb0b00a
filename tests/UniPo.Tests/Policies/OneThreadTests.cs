namespace UniPo.Tests.Policies;

public sealed class OneThreadTests
{
    [Fact]
    public void A_policy_that_is_being_used_refuses_a_second_thread_at_once()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        var batch = PolicyCases.Batch();
        var refused = 0;
        // Two threads score without pause; sooner or later one comes while the other is at work.
        Parallel.Invoke(Score, Score);
        Assert.True(refused > 0);

        void Score()
        {
            for (var i = 0; i < 2_000_000 && Volatile.Read(ref refused) == 0; i++)
                try
                {
                    policy.Score(batch, 1, new double[batch.Layout.Tokens]);
                }
                catch (InvalidOperationException fault)
                {
                    Assert.Contains("used by another thread", fault.Message, StringComparison.Ordinal);
                    Interlocked.Increment(ref refused);
                }
        }
    }

    [Fact]
    public void The_numbers_of_a_pass_cannot_be_read_after_the_next_pass()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        var first = policy.Forward(PolicyCases.Batch(), 1);
        using var second = policy.Forward(PolicyCases.Batch(seed: 4), 1);
        Assert.Contains(
            "another forward pass",
            Assert.Throws<InvalidOperationException>(() => first.LogProbs.Length).Message,
            StringComparison.Ordinal
        );
        Assert.False(second.LogProbs.IsEmpty);
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => second.LogProbs.Length);
    }

    [Theory]
    [InlineData("model.layers.0.self_attn.q_proj.weight"), InlineData("model.norm.weight"), InlineData("lm_head.weight")]
    public void Weights_that_are_not_numbers_are_refused_wherever_they_stand(string tensor)
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        policy.Parameters[policy.Parameters.Find(tensor)][2] = float.NaN; // a softmax would hide it in a query
        foreach (
            var use in new Action[]
            {
                () =>
                    policy
                        .Begin(
                            [
                                [1],
                            ],
                            1,
                            2
                        )
                        .Dispose(),
                () => policy.Forward(PolicyCases.Batch(), 1).Dispose(),
                () => policy.Score(PolicyCases.Batch(), 1, new double[PolicyCases.Batch().Layout.Tokens]),
            }
        )
            Assert.Contains(
                $"element 2 of tensor '{tensor}' is NaN",
                Assert.Throws<NotFiniteNumberException>(use).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void A_reference_that_only_scores_takes_no_memory_for_a_gradient()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        policy.Score(PolicyCases.Batch(), 1, new double[PolicyCases.Batch().Layout.Tokens]);
        Assert.False(policy.Parameters.HasGradient);
    }
}
