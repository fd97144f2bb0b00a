namespace UniPo.Tests.Statistics;

public sealed class GradientNoiseTests
{
    private static readonly LetterTask _task = new()
    {
        MaxTokens = 1,
        Score = (prompt, completion) => completion.Text == prompt.Answer ? 1 : 0,
    };

    [Fact]
    public void Variance_and_signal_agree_with_their_exact_values_on_a_table_that_can_be_enumerated()
    {
        // One prompt, one response, one token: the gradient with respect to the prompt's row of logits is R·(e_a − q).
        var task = _task.WithPool(1);
        var policy = new BigramPolicy(task.Vocabulary!, seed: 3);
        var right = task.Vocabulary!.Encode("a")[0];
        policy.Logits(task.Vocabulary!.Encode("0")[0])[right] += 3; // a right answer must be common, or no pair of batches holds two
        var q = Softmax(policy.Logits(task.Vocabulary!.Encode("0")[0]).ToArray());
        var (mean, second) = (new double[q.Length], 0.0);
        for (var v = 0; v < q.Length; v++)
        {
            var slope = (v == right ? 1 : 0) - q[v];
            mean[v] = q[right] * slope;
            second += q[right] * slope * slope;
        }
        var signal = mean.Sum(m => m * m);

        var measured = GradientNoise.Measure(policy, task, Algorithms.Reinforce, batches: 6_000, prompts: 1, group: 1, seed: 1);

        Assert.InRange(
            second - signal,
            measured.Variance.Mean - 4 * measured.Variance.StandardError,
            measured.Variance.Mean + 4 * measured.Variance.StandardError
        );
        Assert.InRange(
            signal,
            measured.Signal.Mean - 4 * measured.Signal.StandardError,
            measured.Signal.Mean + 4 * measured.Signal.StandardError
        );
        Assert.True(measured.Variance.StandardError < 0.1 * measured.Variance.Mean);
    }

    [Fact]
    public void The_policy_is_not_touched_and_the_seed_decides_all()
    {
        var policy = new BigramPolicy(_task.Vocabulary!, seed: 3);
        var before = policy.Parameters.Values.ToArray();
        var first = GradientNoise.Measure(policy, _task, Algorithms.Grpo, batches: 6, seed: 5);
        Assert.Equal(first, GradientNoise.Measure(policy, _task, Algorithms.Grpo, batches: 6, seed: 5));
        Assert.NotEqual(first, GradientNoise.Measure(policy, _task, Algorithms.Grpo, batches: 6, seed: 6));
        Assert.Equal(before, policy.Parameters.Values);
        Assert.All(policy.Parameters.Gradient, g => Assert.Equal(0, g));
    }

    [Fact]
    public void Too_few_batches_are_refused() =>
        Assert.Contains(
            "at least 4",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    GradientNoise.Measure(new BigramPolicy(_task.Vocabulary!), _task, Algorithms.Grpo, batches: 3)
                )
                .Message
        );

    private static double[] Softmax(float[] logits)
    {
        double[] weights = [.. logits.Select(l => Math.Exp(l))];
        var sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
