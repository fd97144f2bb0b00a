namespace UniPo.Tests;

public sealed class HeldOutTests
{
    private static readonly LetterTask Task = new();
    private static readonly BigramPolicy Policy = new(Task.Vocabulary, seed: 3);

    [Fact]
    public void The_exact_probability_is_what_sampling_converges_to()
    {
        var exact = HeldOut.ExactProbability(Policy, Task, Task.HeldOutPrompts)!.Value;
        var sampled = new Sampler { Group = 20_000 }
            .Answer(Policy, Task, Task.HeldOutPrompts, seed: 1)
            .Rewards()
            .Average();
        Assert.InRange(sampled - exact, -5 * Math.Sqrt(exact / 100_000), 5 * Math.Sqrt(exact / 100_000));
    }

    [Fact]
    public void A_scratchpad_is_right_with_the_sum_over_all_lengths()
    {
        var task = Tasks.Scratchpad(digits: 1, maxTokens: 6);
        var policy = new BigramPolicy(task.Vocabulary!, seed: 5);
        var (dot, end) = (task.Vocabulary!.Encode(".")[0], task.Vocabulary.End);
        (policy.Logits(dot)[dot], policy.Logits(dot)[end]) = (3, 3);
        Prompt[] prompts = [new("2+3=", "5")];
        foreach (var last in task.Vocabulary.Encode("=5"))
            (policy.Logits(last)[task.Vocabulary.Encode("5")[0]], policy.Logits(last)[dot], policy.Logits(last)[end]) = (4, 3, 3);
        var exact = HeldOut.ExactProbability(policy, task, prompts)!.Value;
        var sampled = new Sampler { Group = 200_000 }
            .Answer(policy, task, prompts, seed: 1)
            .Rewards()
            .Average();
        Assert.InRange(exact, 0.1, 0.9);
        Assert.InRange(sampled - exact, -0.006, 0.006);
    }

    [Fact]
    public void An_offset_on_the_reward_does_not_count_as_accuracy()
    {
        var plain = HeldOut.Measure(Policy, Task, seed: 4);
        Assert.Equal(plain, HeldOut.Measure(Policy, Task.WithRewardOffset(5), seed: 4));
    }

    [Fact]
    public void A_task_that_cannot_list_its_right_responses_has_no_exact_probability()
    {
        var open = new Open();
        Assert.Null(HeldOut.Measure(Policy, open).ExactProbability);
        Assert.Equal(0.25, HeldOut.Measure(Policy, open).SampledAccuracy);
    }

    [Fact]
    public void A_limit_uses_the_first_prompts_only()
    {
        Assert.Equal(2, HeldOut.Measure(Policy, Task, limit: 2).Prompts);
        Assert.Contains(
            "must be at least 1, but was 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => HeldOut.Measure(Policy, Task, limit: 0)).Message,
            StringComparison.Ordinal
        );
    }

    private sealed class Open : ITask
    {
        private readonly LetterTask _letters = new();
        public string Name => "open";
        public string Description => "Say anything.";
        public Vocabulary Vocabulary => _letters.Vocabulary;
        public int MaxTokens => 3;
        public IReadOnlyList<Prompt> TrainingPrompts { get; } = [new("0")];
        public IReadOnlyList<Prompt> HeldOutPrompts { get; } = [new("1")];

        public double Reward(Prompt prompt, Completion completion) => 0.25;
    }
}
