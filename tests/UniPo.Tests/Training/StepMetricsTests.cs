using static UniPo.Tests.LetterTraining;

namespace UniPo.Tests;

/// <summary>The numbers of a step, against sums written out by hand.</summary>
public sealed class StepMetricsTests
{
    [Fact]
    public void Means_over_tokens_leave_masked_tokens_out()
    {
        var objective = Algorithms.Grpo with { Filters = new() { DropTruncated = true } };
        var step = New(Options with { LearningRate = 0.5, WarmupSteps = 0, Passes = 2 }, objective: objective).Steps(2).Last();
        var (report, batch) = (step.Report!, step.Report!.Batch);
        int[] active = [.. Enumerable.Range(0, batch.Layout.Tokens).Where(batch.Layout.IsActive)];
        Assert.InRange(active.Length, 1, batch.Layout.Tokens - 1); // some responses were cut off and dropped

        double Mean(Func<int, double> value) => active.Sum(value) / active.Length;
        var advantage = Mean(i => report.Advantage!.Values[i]);
        Assert.Equal(Mean(i => batch.Entropies!.Values[i]), step.Metric("entropy")!.Value, 12);
        Assert.Equal(advantage, step.Metric("advantage_mean")!.Value, 12);
        Assert.Equal(
            Math.Sqrt(Mean(i => Math.Pow(report.Advantage!.Values[i] - advantage, 2))),
            step.Metric("advantage_std")!.Value,
            12
        );
        Assert.Equal(
            Mean(i =>
            {
                var d = batch.ReferenceLogProbs!.Values[i] - batch.LogProbs.Values[i];
                return Math.Exp(d) - d - 1;
            }),
            step.Metric("kl")!.Value,
            12
        );
        Assert.NotEqual(
            Enumerable.Range(0, batch.Layout.Tokens).Average(i => batch.Entropies!.Values[i]),
            step.Metric("entropy")!.Value
        );
    }

    [Fact]
    public void The_value_loss_leaves_masked_tokens_out()
    {
        var policy = TinyTransformer.Load("scratchpad").WithValueHead();
        var objective = Algorithms.Ppo with { Filters = new() { DropTruncated = true } };
        var trainer = new Trainer(
            policy,
            Tasks.Scratchpad().WithMaxTokens(6),
            objective,
            new()
            {
                Prompts = 4,
                Group = 4,
                Seed = 5,
            }
        );
        var step = trainer.Steps(1).Single();
        var batch = step.Report!.Batch;
        var credited = objective.Credit(batch with { Values = null });
        int[] active = [.. Enumerable.Range(0, batch.Layout.Tokens).Where(batch.Layout.IsActive)];
        Assert.InRange(active.Length, 1, batch.Layout.Tokens - 1);
        Assert.Equal(
            active.Average(i => Math.Pow(batch.Values!.Values[i] - credited.ValueTargets!.Values[i], 2)),
            step.Metric("value_loss")!.Value,
            9
        );
    }

    [Fact]
    public void The_spread_of_rewards_is_that_of_a_sample_divided_by_one_less_than_the_group()
    {
        var rewards = new Dictionary<string, double>();
        var task = new LetterTask { Score = (_, c) => rewards[c.Text] = c.Text.Length + (c.Truncated ? 0.25 : 0) };
        var step = New(Options with { Prompts = 2, Group = 3 }, task).Steps(1).Single();
        double[] spreads =
        [
            .. step.Report!.Batch.Groups.Select(g =>
            {
                var (a, b, c) = (g.Responses[0].Reward, g.Responses[1].Reward, g.Responses[2].Reward);
                var mean = (a + b + c) / 3;
                return Math.Sqrt(((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean)) / 2);
            }),
        ];
        Assert.Contains(spreads, s => s > 0);
        Assert.Equal(spreads.Average(), step.Metric("reward_std")!.Value, 12);
        Assert.Equal(0, New(Options with { Group = 1 }, task, Algorithms.Reinforce).Steps(1).Single().Metric("reward_std"));
    }

    [Fact]
    public void A_mini_batch_knows_the_longest_response_of_the_whole_rollout()
    {
        var rollout = Sampler.Sample(Policy(), LetterTraining.Task, prompts: 4, group: 2, seed: 1) with { MaxTokens = null };
        var credited = Algorithms.DrGrpo.Credit(rollout);
        var shortest = Enumerable
            .Range(0, 4)
            .MinBy(g => Enumerable.Range(0, 2).Max(i => rollout.Layout.Length(rollout.Layout.GroupStarts[g] + i)));
        var part = credited.MiniBatch([shortest]);
        Assert.True(Enumerable.Range(0, 2).All(row => part.Batch.Layout.Length(row) < credited.Totals.MaxLength));
        Assert.Equal(credited.Totals.MaxLength, part.Totals.MaxLength);
        var report = Algorithms.DrGrpo.Evaluate(part);
        for (var row = 0; row < 2; row++)
            Assert.Equal(part.Advantages!.Row(row)[0] / (2 * credited.Totals.MaxLength), report.Weight.Row(row)[0], 12);
    }

    [Fact]
    public void What_adapts_does_so_after_every_rollout_and_from_its_first_report()
    {
        var objective = Algorithms.Reinforce with
        {
            Name = "running",
            Ratio = Ratio.Token,
            Advantage = new RunningMean { Momentum = 0.5 },
        };
        var trainer = New(Options with { Passes = 2 }, objective: objective);
        var rewards = trainer.Steps(6).Where(s => s.FirstAfterRollout).Select(s => s.Metric("reward")!.Value).ToArray();
        var expected = 0.5 * (0.5 * rewards[0] + 0.5 * rewards[1]) + 0.5 * rewards[2];
        var baseline = Assert.IsType<RunningMean>(Assert.IsType<PolicyObjective>(trainer.Objective).Advantage).Baseline;
        Assert.Equal(expected, baseline!.Value, 12);
    }

    [Fact]
    public void A_coefficient_that_adapts_follows_the_kl_of_each_rollout()
    {
        var adaptive = new AdaptiveCoefficient { Target = 1e-6, Horizon = 100 };
        var objective = Algorithms.Grpo with { Kl = Kl.InLoss(0.1) with { Adaptive = adaptive } };
        var trainer = New(objective: objective);
        var steps = trainer.Steps(3).ToList();
        var expected = steps.Aggregate(0.1, (beta, s) => adaptive.Next(beta, s.Report!.Summary.Kl!.Value, 32));
        Assert.Equal(expected, Assert.IsType<KlInLoss>(Assert.IsType<PolicyObjective>(trainer.Objective).Kl).Coefficient, 12);
        Assert.NotEqual(0.1, expected, 3);
    }

    [Fact]
    public void A_trust_region_step_goes_as_far_as_the_bound_on_the_kl()
    {
        // For a small bound the KL is quadratic, so that a step of length sqrt(2 delta / xFx) reaches it to a few per cent.
        var rule = new TrustRegionStep
        {
            Delta = 1e-5,
            Damping = 1e-9,
            Backtracks = 60,
            BacktrackFactor = 0.99,
        };
        var trpo = new PolicyObjective
        {
            Name = "TRPO without critic",
            Advantage = new GroupMean(),
            Step = rule,
        };
        var step = new Trainer(
            TinyTransformer.Load("addition"),
            Tasks.Addition(),
            trpo,
            new()
            {
                Seed = 7,
                Prompts = 4,
                Group = 8,
            }
        ).Steps(1).Single();
        Assert.InRange(step.Metric("step_kl")!.Value / rule.Delta, 0.9, 1);
    }

    [Fact]
    public void A_metric_that_nobody_knows_is_answered_with_those_there_are()
    {
        var run = New().Train(2);
        foreach (var wrong in new Func<object?>[] { () => run.Curve("rewards"), () => run.Steps[0].Metric("rewards") })
            Assert.StartsWith(
                "There is no metric 'rewards'; the metrics are reward, held_out_accuracy, reward_std, ",
                Assert.Throws<ArgumentException>(wrong).Message,
                StringComparison.Ordinal
            );
        Assert.Equal([double.NaN, double.NaN], run.Curve("held_out_accuracy"));
        Assert.Null(run.Steps[0].Metric("held_out_accuracy"));
    }

    [Fact]
    public void A_report_that_was_not_kept_names_the_option_that_keeps_it()
    {
        var step = New(Options with { TokensEvery = 0 }).Steps(1).Single();
        Assert.Contains(
            "TrainerOptions.TokensEvery = 1 keeps those of every step",
            Assert.Throws<InvalidOperationException>(() => step.RequireReport()).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "TrainerOptions.TokensEvery = 1",
            Assert.Throws<ArgumentNullException>(() => TrainingStep.RequireKept(step.Report)).Message,
            StringComparison.Ordinal
        );
        var kept = New().Steps(1).Single();
        TrainingStep.RequireKept(kept.Report);
        Assert.Same(kept.Report, kept.RequireReport());
    }
}
