using static UniPo.Tests.LetterTraining;

namespace UniPo.Tests;

/// <summary>What a run says of itself within ten rollouts, with the step at which it says it.</summary>
public sealed class TrainingWarningTests
{
    private static TrainingWarning Only(TrainingRun run, string part)
    {
        var warning = Assert.Single(run.Warnings);
        Assert.Contains(part, warning.Text, StringComparison.Ordinal);
        Assert.InRange(warning.Step, 0, 9);
        return warning;
    }

    [Fact]
    public void A_run_that_learns_says_nothing() => Assert.Empty(New().Train(60).Warnings);

    [Theory]
    [InlineData("SFT")]
    [InlineData("REINFORCE")]
    [InlineData("RLOO")]
    [InlineData("GRPO")]
    [InlineData("DAPO")]
    [InlineData("REINFORCE++")]
    [InlineData("GSPO")]
    [InlineData("DPO")]
    public void A_shipped_algorithm_with_its_own_plan_is_not_commented_on(string name) =>
        Assert.Empty(New(objective: Algorithms.Named(name)).Train(3).Warnings);

    [Fact]
    public void A_reward_that_is_always_0_asks_whether_the_model_fits_the_task()
    {
        var run = New(Options with { Model = "scratchpad" }, new LetterTask { Score = (_, _) => 0 }).Train(12);
        var warning = Only(run, "For 8 rollouts every response has had the reward 0");
        Assert.Contains("Is 'scratchpad' a model for this task?", warning.Text, StringComparison.Ordinal);
        Assert.Equal(7, warning.Step);
    }

    [Fact]
    public void A_model_of_one_task_on_another_is_noticed()
    {
        var reversed = new Trainer(
            new BigramPolicy(LetterTraining.Task.Vocabulary, seed: 3),
            new LetterTask { Score = (_, c) => c.Text == "edcba" ? 1 : 0 },
            Algorithms.Reinforce,
            Options
        ).Train(10);
        Only(reversed, "every response has had the reward 0");
    }

    [Fact]
    public void Equal_rewards_that_an_objective_learns_from_are_no_standstill() =>
        Assert.Empty(New(task: new LetterTask { Score = (_, _) => 0.5 }, objective: Algorithms.Reinforce).Train(12).Warnings);

    [Fact]
    public void A_gradient_that_is_exactly_0_for_all_names_what_can_do_that()
    {
        // Nothing is within the limit, and what was cut off is dropped: different rewards, but no token has a weight.
        var task = new LetterTask { MaxTokens = 1, Score = (_, c) => c.Text.Length > 0 && c.Text[0] == 'a' ? 1 : 0 };
        var policy = Policy();
        foreach (var last in Enumerable.Range(0, LetterTraining.Task.Vocabulary.Count))
            policy.Logits(last)[LetterTraining.Task.Vocabulary.End] = -1000;
        var objective = Algorithms.Grpo with
        {
            Name = "mine",
            Clip = Clip.None,
            Kl = Kl.None,
            Filters = new() { DropTruncated = true },
        };
        Only(
            New(task: task, objective: objective, policy: policy).Train(12),
            "the gradient has been exactly 0, although rewards differ"
        );
    }

    [Fact]
    public void A_collapse_names_the_learning_rate_and_both_rewards()
    {
        var calls = 0;
        var task = new LetterTask { Score = (p, c) => ++calls <= 5 * 80 && c.Text == p.Answer ? 1 : 0 };
        var options = Options with { Prompts = 5, Group = 16, MeasureHeldOut = false };
        var start = new BigramPolicy(LetterTraining.Task.Vocabulary, seed: 3, spread: 0.1);
        foreach (
            var (digit, letter) in LetterTraining
                .Task.Vocabulary.Encode("01234")
                .Zip(LetterTraining.Task.Vocabulary.Encode("abcde"))
        )
            (start.Logits(digit)[letter], start.Logits(letter)[LetterTraining.Task.Vocabulary.End]) = (3, 5);
        var warning = Only(New(options, task, policy: start).Train(10), "the policy has collapsed");
        Assert.Equal(6, warning.Step); // two rollouts in a row: one may be bad luck
        Assert.Matches(
            "^The reward has fallen to 0, far below the 0\\.\\d+ it started with \\(entropy .* then, .* nats now\\)",
            warning.Text
        );
        Assert.Contains("a learning rate that is too high (here 5e-2)", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_learning_rate_far_too_high_for_the_shipped_model_is_a_collapse_that_the_run_notices()
    {
        var run = new Trainer(
            TinyTransformer.Load("addition"),
            Tasks.Addition(),
            Algorithms.Grpo,
            new TrainerOptions
            {
                Seed = 1,
                LearningRate = 0.03,
                MeasureHeldOut = false,
                TokensEvery = 0,
            }
        ).Train(30);
        Assert.Contains(run.Warnings, w => w.Text.Contains("(here 3e-2)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_clip_that_a_single_step_leaves_without_work_is_said_at_the_first_step(int passes)
    {
        var objective = Algorithms.Grpo with { Clip = Clip.Symmetric(0.1) };
        var run = New(Options with { Passes = passes }, objective: objective).Train(2);
        if (passes == 2)
            Assert.Empty(run.Warnings);
        else
            Assert.Equal(
                0,
                Only(run, "every rollout is used for one step, and in that step the policy is still the one that sampled").Step
            );
    }

    [Fact]
    public void A_shipped_algorithm_whose_passes_were_taken_away_is_told_that_its_clip_is_idle()
    {
        var ppo = Algorithms.Ppo with
        {
            Advantage = new GroupMean(),
            Value = null,
            Sampling = new() { Passes = 4 },
        };
        Assert.Empty(New(objective: ppo).Train(2).Warnings);
        Only(New(Options with { Passes = 1 }, objective: ppo).Train(2), "cannot act");
    }

    [Fact]
    public void Reinforce_with_several_passes_is_told_that_its_gradient_is_for_fresh_responses() =>
        Only(
            New(Options with { Passes = 4 }, objective: Algorithms.Reinforce).Train(1),
            "here each rollout is used for 4 steps, and from the second on the policy is no longer the one that sampled"
        );

    [Fact]
    public void Equal_lengths_leave_a_constant_divisor_without_effect()
    {
        var policy = Policy();
        foreach (var digit in LetterTraining.Task.Vocabulary.Encode("01234"))
            policy.Logits(digit)[LetterTraining.Task.Vocabulary.End] = -1000;
        foreach (
            var letter in Enumerable
                .Range(0, LetterTraining.Task.Vocabulary.Count)
                .Except(LetterTraining.Task.Vocabulary.Encode("01234"))
        )
            policy.Logits(letter)[LetterTraining.Task.Vocabulary.End] = 1000;
        var task = new LetterTask
        {
            Score = (p, c) => c.Text.StartsWith(p.Answer!, StringComparison.Ordinal) ? 1 : 0,
            MaxTokens = 2,
        };
        Only(
            New(task: task, policy: policy, objective: Algorithms.DrGrpo).Train(10),
            "dividing by a constant instead of the length"
        );
    }

    [Fact]
    public void Mini_batches_that_do_not_divide_the_prompts_name_the_two_sizes() =>
        Only(
            New(Options with { Prompts = 4, MiniBatches = 3 }).Train(1),
            "some steps learn from 1 prompts and others from 2. Choose a divisor of 4."
        );

    [Fact]
    public void A_policy_that_another_trainer_has_trained_is_noticed_and_a_copy_of_it_is_not()
    {
        var policy = Policy();
        New(policy: policy).Train(5);
        Only(New(policy: policy).Train(1), "The policy was already trained for 5 steps by another trainer");
        Assert.Empty(New(policy: (BigramPolicy)policy.Clone()).Train(1).Warnings);
    }

    [Fact]
    public void A_warm_up_that_is_longer_than_the_run_is_said() =>
        Only(New(Options with { WarmupSteps = 20 }).Train(15), "The learning rate rises over 20 steps, but the run has only 15");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_coefficient_of_0_is_told_that_it_changes_nothing(bool kl) =>
        Only(
            New(
                    objective: kl
                        ? Algorithms.Grpo with
                        {
                            Kl = Kl.InLoss(0),
                        }
                        : Algorithms.Grpo with
                        {
                            Entropy = new EntropyBonus { Coefficient = 0 },
                        }
                )
                .Train(1),
            "has the coefficient 0"
        );

    [Fact]
    public void Groups_of_one_are_refused_where_responses_are_compared_and_noticed_where_that_may_be_meant()
    {
        string Refused(Objective objective) =>
            Assert.Throws<ArgumentException>(() => New(Options with { Group = 1 }, objective: objective)).Message;
        foreach (
            var objective in new Objective[]
            {
                Algorithms.Rloo,
                Algorithms.Grpo,
                Algorithms.Dapo,
                Algorithms.Opo,
                Algorithms.Dpo,
                Algorithms.Ipo,
            }
        )
            Assert.StartsWith($"Group must be at least 2 for the ", Refused(objective), StringComparison.Ordinal);
        var meant = Algorithms.Grpo with { Advantage = new GroupMean { Lone = LoneResponse.Reward } };
        Only(New(Options with { Group = 1 }, objective: meant).Train(1), "every prompt gets one response only");
        Assert.Empty(New(Options with { Group = 1 }, objective: Algorithms.Reinforce).Train(1).Warnings);
    }

    [Fact]
    public void Warnings_come_in_the_order_of_their_steps_with_those_of_the_log_among_them()
    {
        var run = New(Options with { Passes = 4 }, new LetterTask { Score = (_, _) => 0 }, Algorithms.Reinforce).Train(40);
        var noted = run with { Notes = [new(3, "a note")] };
        Assert.Equal([0, 3, 28], noted.Warnings.Select(w => w.Step));
        Assert.Equal("step 3: a note", noted.Warnings[1].ToString());
    }
}
