namespace UniPo.Tests;

/// <summary>What a sampling plan asks for, and what the trainer then does.</summary>
public sealed class RolloutPlanTests
{
    private static readonly LetterTask Task = new();
    private static readonly TrainerOptions Options = new()
    {
        Seed = 7,
        Prompts = 3,
        Group = 6,
        LearningRate = 0.05,
        WarmupSteps = 0,
        MeasureHeldOut = false,
    };

    private static BigramPolicy Policy()
    {
        var policy = new BigramPolicy(Task.Vocabulary, seed: 3, spread: 0.3);
        foreach (var digit in Task.Vocabulary.Encode("01234"))
        foreach (var letter in Task.Vocabulary.Encode("abcde"))
            policy.Logits(digit)[letter] += 3;
        foreach (var letter in Task.Vocabulary.Encode("abcde"))
            policy.Logits(letter)[Task.Vocabulary.End] += 5;
        return policy;
    }

    private static Trainer New(SamplingPlan plan, ITask? task = null) =>
        new(Policy(), task ?? Task, Algorithms.Grpo with { Sampling = plan }, Options);

    [Fact]
    public void Silent_groups_are_replaced_until_the_rollout_is_full()
    {
        var steps = New(new SamplingPlan { RefillSilentGroups = true, MaxRefills = 20 }).Steps(10).ToList();
        foreach (var step in steps)
        {
            var batch = step.Report!.Batch;
            Assert.Equal(3, batch.Groups.Count);
            Assert.All(batch.Groups, g => Assert.True(g.Responses.Select(r => r.Reward).Distinct().Count() > 1));
            Assert.True(step.Metric("generated_tokens") >= batch.Layout.Tokens);
            Assert.InRange(step.Metric("dynamic_sampling_pass_rate")!.Value, 0.01, 1);
            Assert.Equal(0, step.Metric("silent_groups"));
            Assert.Null(step.Warning);
        }
        Assert.Contains(steps, s => s.Metric("generated_tokens") > s.Report!.Batch.Layout.Tokens);
    }

    [Fact]
    public void Joined_groups_keep_the_log_probs_of_their_own_responses()
    {
        var policy = Policy();
        var batch = new Trainer(
            policy,
            Task,
            Algorithms.Grpo with
            {
                Sampling = new() { RefillSilentGroups = true, MaxRefills = 20 },
            },
            Options with
            {
                LearningRate = 0,
            }
        ).Steps(3).Last().Report!.Batch;
        var scored = new double[batch.Layout.Tokens];
        policy.Score(batch.Sequences!, 1, scored, []);
        for (var i = 0; i < scored.Length; i++)
            Assert.Equal(scored[i], batch.OldLogProbs.Values[i], 12);
    }

    [Fact]
    public void A_refill_limit_that_is_reached_is_a_warning_with_its_likely_cause()
    {
        var hopeless = new LetterTask { Score = (prompt, completion) => prompt.Text == "0" && completion.Text == "a" ? 1 : 0 };
        var step = New(new SamplingPlan { RefillSilentGroups = true, MaxRefills = 2 }, hopeless).Steps(1).Single();
        Assert.Matches(
            "^After 2 rollouts only \\d of 3 groups had responses to compare: the prompts are too easy or too hard",
            step.Warning!
        );
    }

    [Fact]
    public void Eight_silent_rollouts_are_a_warning_said_once()
    {
        var steps = New(new SamplingPlan(), new LetterTask { Score = (_, _) => 0.5 }).Steps(40).ToList();
        Assert.Equal([7], steps.Where(s => s.Warning is not null).Select(s => s.Step));
        Assert.Contains(
            "all responses to a prompt have had the same reward (now 0.5)",
            steps[7].Warning!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_overlong_penalty_lowers_the_reward_of_long_responses_only()
    {
        var plan = new SamplingPlan
        {
            Overlong = new OverlongPenalty { Buffer = 1, Factor = 0.5 },
        };
        var batch = New(plan, new LetterTask { Score = (_, _) => 1 }).Steps(1).Single().Report!.Batch;
        Assert.All(batch.Responses, r => Assert.Equal(r.Length == 3 ? 0.5 : 1, r.Reward));
        Assert.Contains(batch.Responses, r => r.Length == 3);
    }

    [Fact]
    public void The_greedy_rollout_of_remax_is_in_the_batch() =>
        Assert.Equal(3, New(new SamplingPlan { GreedyRollout = true }).Steps(1).Single().Report!.Batch.GreedyRewards!.Count);

    [Fact]
    public void Supervised_fine_tuning_imitates_the_tasks_right_responses()
    {
        var sft = new ImitationObjective { Name = "SFT" };
        var trainer = new Trainer(Policy(), Task, sft, Options);
        var step = trainer.Steps(1).Single();
        Assert.All(step.Report!.Batch.Responses, r => Assert.Equal(1, r.Reward));
        Assert.Equal(18, step.Report.Batch.Groups.Count);
        Assert.Equal(0, step.Metric("generated_tokens"));
        Assert.All(trainer.Steps(60).ToList(), s => Assert.Null(s.Warning));
        Assert.InRange(trainer.Measure().ExactProbability!.Value, 0.9, 1);
    }

    [Fact]
    public void Rejection_sampling_imitates_the_policys_own_right_responses()
    {
        var trainer = new Trainer(
            Policy(),
            Task,
            new ImitationObjective { Name = "Rejection sampling", Selection = ResponseSelection.AtLeast(1) },
            Options
        );
        var before = trainer.Measure().ExactProbability;
        var report = trainer.Steps(120).ToList()[0].Report!;
        for (var row = 0; row < report.Batch.Responses.Count; row++)
            Assert.Equal(report.Batch.Responses[row].Reward == 1, report.Weight.Row(row).ToArray().Any(w => w != 0));
        Assert.True(trainer.Measure().ExactProbability > before + 0.3);
    }

    [Fact]
    public void Preference_pairs_are_made_by_sampling_and_ranking()
    {
        var trainer = new Trainer(
            Policy(),
            Task,
            new PreferenceObjective
            {
                Name = "DPO",
                Loss = new DpoLoss { Beta = 0.1 },
            },
            Options with
            {
                Passes = 2,
            }
        );
        var before = trainer.Measure().ExactProbability;
        trainer.Steps(200).Last();
        Assert.True(trainer.Measure().ExactProbability > before + 0.3);
    }

    [Fact]
    public void An_objective_that_needs_a_critic_says_how_to_get_one()
    {
        var error = Assert.Throws<ArgumentException>(() => New(new SamplingPlan { NeedsCritic = true }));
        Assert.Contains(
            "has none. Give it one, or choose an objective that needs no critic",
            error.Message,
            StringComparison.Ordinal
        );
    }
}
