namespace UniPo.Tests;

public sealed class ExactValueTests
{
    private static readonly LetterTask Task = new();
    private static readonly BigramPolicy Policy = new(Task.Vocabulary, seed: 3);

    [Fact]
    public void Nothing_is_left_out()
    {
        var exact = ExactValue.Of(Policy, Task, Task.TrainingPrompts);
        Assert.Equal(1, exact.TotalProbability, 10);
        Assert.Equal(5 * (1 + 11 + 11 * 11 * 12), exact.Responses); // closed after one token, after two, or three tokens long
    }

    [Fact]
    public void The_expected_reward_is_what_sampling_converges_to()
    {
        var task = new LetterTask
        {
            Score = (prompt, completion) =>
                completion.Tokens
                + (completion.Text.StartsWith(prompt.Answer!, StringComparison.Ordinal) ? 5 : 0)
                - (completion.Truncated ? 1 : 0),
        };
        var exact = ExactValue.Of(Policy, task, task.TrainingPrompts).ExpectedReward;
        var rewards = new Sampler { Group = 20_000 }
            .Answer(Policy, task, task.TrainingPrompts, seed: 1)
            .Rewards();
        Assert.InRange(rewards.Average() - exact, -0.03, 0.03);
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_expected_reward()
    {
        var policy = new BigramPolicy(Task.Vocabulary, seed: 4);
        var exact = ExactValue.Of(policy, Task, Task.TrainingPrompts, temperature: 0.8);
        for (var i = 0; i < policy.Parameters.Count; i += 7)
        {
            double At(float delta)
            {
                var kept = policy.Parameters.Values[i];
                policy.Parameters.Values[i] = kept + delta;
                var value = ExactValue.Of(policy, Task, Task.TrainingPrompts, temperature: 0.8).ExpectedReward;
                policy.Parameters.Values[i] = kept;
                return value;
            }
            Assert.Equal((At(0.01f) - At(-0.01f)) / 0.02, exact.Gradient[i], 1e-5);
        }
    }

    [Fact]
    public void The_kl_is_zero_to_itself_and_agrees_with_sampling()
    {
        var other = new BigramPolicy(Task.Vocabulary, seed: 9);
        Assert.Equal(0, ExactValue.Of(Policy, Task, Task.TrainingPrompts, Policy).KlToReference!.Value, 12);
        var exact = ExactValue.Of(Policy, Task, Task.TrainingPrompts, other).KlToReference!.Value;
        var batch = new Sampler { Group = 20_000 }.Answer(Policy, Task, Task.TrainingPrompts, seed: 2);
        var reference = new double[batch.Layout.Tokens];
        other.Score(batch.Sequences!, 1, reference, []);
        var k1 = batch.OldLogProbs.Values.ToArray().Zip(reference, (a, b) => a - b).Sum() / batch.Responses.Count;
        Assert.InRange(k1 / exact, 0.97, 1.03);
    }

    [Fact]
    public void Reinforce_is_unbiased_and_the_group_mean_shrinks_the_gradient_by_its_own_share()
    {
        // Without leaving one out, a response is part of its own baseline: the expected gradient is (G − 1)/G of the true one.
        var exact = ExactValue.Of(Policy, Task, [Task.TrainingPrompts[1]]).Gradient;
        var plain = MeanGradient(Algorithms.Reinforce);
        var centred = MeanGradient(Algorithms.Reinforce with { Advantage = new GroupMean() });
        var largest = Enumerable.Range(0, exact.Count).MaxBy(i => Math.Abs(exact[i]));
        Assert.InRange(plain[largest] / exact[largest], 0.93, 1.07);
        Assert.InRange(centred[largest] / exact[largest], 0.75 * 0.93, 0.75 * 1.07);
    }

    private static double[] MeanGradient(Objective objective)
    {
        const int rollouts = 4000;
        var mean = new double[Policy.Parameters.Count];
        for (ulong seed = 0; seed < rollouts; seed++)
        {
            var batch = new Sampler { Group = 4 }.Answer(Policy, Task, [Task.TrainingPrompts[1]], seed);
            Array.Clear(Policy.Parameters.Gradient);
            Policy.Forward(batch.Sequences!, 1).Backward(objective.Evaluate(batch).Weight.Values);
            for (var i = 0; i < mean.Length; i++)
                mean[i] += Policy.Parameters.Gradient[i] / rollouts;
        }
        return mean;
    }

    [Fact]
    public void One_sum_of_the_addition_task_can_be_gone_through()
    {
        var task = Tasks.Addition();
        var exact = ExactValue.Of(TinyTransformer.Load("addition"), task, [task.HeldOutPrompts[0]]);
        Assert.Equal(1, exact.TotalProbability, 3);
        Assert.Equal(
            HeldOut.ExactProbability(TinyTransformer.Load("addition"), task, [task.HeldOutPrompts[0]])!.Value,
            exact.ExpectedReward,
            6
        );
    }

    [Fact]
    public void A_task_that_is_too_large_is_refused_with_its_size() =>
        Assert.Contains(
            "Use fewer prompts, a tighter length limit",
            Assert
                .Throws<ArgumentException>(() =>
                    ExactValue.Of(TinyTransformer.Load("scratchpad"), Tasks.Scratchpad(), [Tasks.Scratchpad().HeldOutPrompts[0]])
                )
                .Message,
            StringComparison.Ordinal
        );
}
