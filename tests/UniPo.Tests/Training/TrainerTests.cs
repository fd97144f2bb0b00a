using static UniPo.Tests.LetterTraining;

namespace UniPo.Tests;

public sealed class TrainerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Grpo_learns_the_letters_from_their_reward_alone(ulong seed)
    {
        var run = New(Options with { Seed = seed }).Train(150);
        Assert.InRange(run.Before!.ExactProbability!.Value, 0, 0.2);
        Assert.InRange(run.After!.ExactProbability!.Value, 0.8, 1);
        Assert.Equal(150, run.Steps.Count);
        Assert.Null(run.Stopped);
    }

    [Fact]
    public void Reinforce_learns_the_letters_too()
    {
        var run = New(objective: Algorithms.Reinforce).Train(300);
        Assert.True(run.After!.ExactProbability > run.Before!.ExactProbability + 0.5, $"{run.Before} {run.After}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_parameters_bit_for_bit()
    {
        float[] Trained(ulong seed)
        {
            var policy = Policy();
            New(Options with { Seed = seed }, policy: policy).Train(20);
            return policy.Parameters.Values;
        }
        Assert.Equal(Trained(7), Trained(7));
        Assert.NotEqual(Trained(7), Trained(8));
    }

    [Fact]
    public void Steps_asked_for_in_two_portions_are_the_steps_asked_for_at_once()
    {
        var (once, twice) = (Policy(), Policy());
        New(policy: once).Train(30);
        var trainer = New(policy: twice);
        var steps = trainer.Steps(12).Concat(trainer.Steps(18)).ToList();
        Assert.Equal(Enumerable.Range(0, 30), steps.Select(s => s.Step));
        Assert.Equal(once.Parameters.Values, twice.Parameters.Values);
    }

    [Fact]
    public void The_ratio_is_one_on_the_first_update_and_moves_from_the_second_pass_on()
    {
        var steps = New(Options with { Passes = 3 }).Steps(6).ToList();
        Assert.Equal([0, 1, 2, 0, 1, 2], steps.Select(s => s.Pass));
        Assert.Equal([0, 0, 0, 1, 1, 1], steps.Select(s => s.Rollout));
        Assert.Equal([true, false, false, true, false, false], steps.Select(s => s.FirstAfterRollout));
        foreach (var step in steps)
        {
            var moved = step.Report!.Ratio!.Values.ToArray().Max(r => Math.Abs(r - 1));
            if (step.Pass == 0)
                Assert.Equal(0, moved);
            else
                Assert.InRange(moved, 1e-6, 10);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(31)]
    public void Micro_batches_give_the_same_parameters_whatever_the_split(int microBatch)
    {
        var (whole, cut) = (Policy(), Policy());
        New(policy: whole).Train(10);
        New(Options with { MicroBatch = microBatch }, policy: cut).Train(10);
        for (var i = 0; i < whole.Parameters.Count; i++)
            Assert.Equal(whole.Parameters.Values[i], cut.Parameters.Values[i], 1e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Micro_batches_of_a_transformer_with_a_critic_give_the_same_weights(int microBatch)
    {
        float[] Train(int? micro)
        {
            var policy = TinyTransformer.Load("addition").WithValueHead();
            new Trainer(
                policy,
                Tasks.Addition(),
                Algorithms.Ppo,
                new()
                {
                    Seed = 3,
                    Prompts = 3,
                    Group = 8,
                    MicroBatch = micro,
                    MeasureHeldOut = false,
                }
            ).Train(8);
            return policy.Parameters.Values;
        }
        float[] whole = Train(null),
            cut = Train(microBatch);
        Assert.All(whole.Zip(cut), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Threads_change_no_bit_and_reach_the_policy()
    {
        TinyTransformer Train(int? threads)
        {
            var policy = TinyTransformer.Load("addition");
            new Trainer(
                policy,
                Tasks.Addition(),
                Algorithms.Grpo,
                new()
                {
                    Seed = 3,
                    Prompts = 3,
                    Group = 8,
                    Threads = threads,
                    MeasureHeldOut = false,
                }
            ).Train(3);
            return policy;
        }
        Assert.Equal(Train(null).Parameters.Values, Train(3).Parameters.Values);
        Assert.Equal(3, Train(3).Compute.Threads);
        Assert.Contains(
            "Threads must lie in [1, 256], but was 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Train(0)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_group_size_is_the_objectives_plan_unless_the_options_say_otherwise()
    {
        var planned = Algorithms.Grpo with { Sampling = new() { GroupSize = 5 } };
        Assert.Equal(
            5,
            New(Options with { Group = null }, objective: planned).Steps(1).Single().Report!.Batch.Layout.GroupSize(0)
        );
        Assert.Equal(8, New(Options, objective: planned).Steps(1).Single().Report!.Batch.Layout.GroupSize(0));
        Assert.Equal(5, New(Options with { Group = null }, objective: planned).Header(1).GroupSize);
    }

    [Fact]
    public void Mini_batches_hold_whole_groups_and_every_group_once_a_pass()
    {
        var steps = New(Options with { MiniBatches = 2, Passes = 2 }).Steps(4).ToList();
        Assert.All(steps, s => Assert.All(s.Report!.Batch.Groups, g => Assert.Equal(8, g.Responses.Count)));
        foreach (var pass in steps.Chunk(2))
            Assert.Equal(4, pass.SelectMany(s => s.Report!.Batch.Groups.Select(g => g.Prompt)).Distinct().Count());
        Assert.Equal([0, 0, 1, 1], steps.Select(s => s.Pass));
    }

    [Fact]
    public void Advantages_are_those_of_the_whole_rollout_also_in_a_mini_batch()
    {
        var whole = New(Options with { LearningRate = 0 }).Steps(1).Single().Report!;
        foreach (var part in New(Options with { LearningRate = 0, MiniBatches = 4 }).Steps(4).Select(s => s.Report!))
        {
            var group = whole.Batch.Groups.ToList().FindIndex(g => g.Prompt == part.Batch.Groups[0].Prompt);
            var row = whole.Batch.Layout.GroupStarts[group];
            Assert.Equal(whole.Advantage!.Row(row).ToArray(), part.Advantage!.Row(0).ToArray());
        }
    }

    [Fact]
    public void The_gradient_is_clipped_to_its_limit_and_its_length_before_is_reported()
    {
        var (free, tight) = (
            New(Options with { GradientClip = null }).Steps(1).Single(),
            New(Options with { GradientClip = 1e-3 })
        );
        var clipped = tight.Steps(1).Single();
        Assert.Equal(free.Metric("grad_norm"), clipped.Metric("grad_norm"));
    }

    [Fact]
    public void The_learning_rate_rises_over_the_warm_up()
    {
        var rates = New().Steps(5).Select(s => s.Metric("learning_rate")!.Value).ToArray();
        Assert.Equal(
            [0.05 / 3, 0.1 / 3, 0.05, 0.05, 0.05],
            rates
                .Select(r => Math.Round(r, 15))
                .Zip(new[] { 0.05 / 3, 0.1 / 3, 0.05, 0.05, 0.05 }, (a, b) => Math.Abs(a - b) < 1e-12 ? b : a)
        );
    }

    [Fact]
    public void Metrics_are_in_the_glossary_and_in_its_order_and_agree_with_the_report()
    {
        var step = New(Options with { EvaluateEvery = 1 }).Steps(3).Last();
        var order = MetricGlossary.All.Select(m => m.Key).ToList();
        Assert.Equal(step.Metrics.Keys.OrderBy(order.IndexOf), step.Metrics.Keys);
        Assert.All(step.Metrics.Keys, key => Assert.Contains(key, order));
        var batch = step.Report!.Batch;
        Assert.Equal(batch.Rewards().Average(), step.Metric("reward"));
        Assert.Equal(batch.Layout.Tokens, step.Metric("generated_tokens"));
        Assert.Equal(-step.Metric("policy_loss")!.Value, step.Metric("policy_objective"));
        Assert.True(step.Metric("kl") >= 0);
        Assert.NotNull(step.Metric("held_out_accuracy"));
    }

    [Fact]
    public void Kl_to_the_reference_is_zero_before_the_first_step_and_grows_from_there()
    {
        var steps = New().Steps(10).ToList();
        Assert.InRange(steps[0].Metric("kl")!.Value, 0, 1e-12);
        Assert.True(steps[9].Metric("kl") > 1e-4);
    }

    [Fact]
    public void Token_reports_are_kept_for_the_steps_asked_for()
    {
        Assert.Equal(
            [true, false, false, true, false],
            New(Options with { TokensEvery = 3 }).Steps(5).Select(s => s.Report is not null)
        );
        Assert.All(New(Options with { TokensEvery = 0 }).Steps(2), s => Assert.Null(s.Report));
    }
}
