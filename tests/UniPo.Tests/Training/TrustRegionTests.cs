namespace UniPo.Tests;

public sealed class TrustRegionTests
{
    private static readonly PolicyObjective Trpo = new()
    {
        Name = "TRPO without critic",
        Advantage = new GroupMean(),
        Ratio = Ratio.Token,
        Clip = Clip.None,
        Aggregation = Aggregation.TokenMean,
        Step = new TrustRegionStep { Delta = 0.02 },
    };

    private static readonly TrainerOptions Options = new()
    {
        Seed = 7,
        Prompts = 4,
        Group = 8,
        MeasureHeldOut = false,
    };

    [Fact]
    public void Every_step_stays_within_the_bound_and_most_come_close_to_it()
    {
        var steps = new Trainer(TinyTransformer.Load("addition"), Tasks.Addition(), Trpo, Options).Steps(8).ToList();
        Assert.All(steps, s => Assert.InRange(s.Metric("step_kl")!.Value, 0, 0.02));
        Assert.True(steps.Count(s => s.Metric("step_kl") > 0.005) >= 5, string.Join(" ", steps.Select(s => s.Metric("step_kl"))));
        Assert.All(steps, s => Assert.Null(s.Metric("learning_rate")));
    }

    [Fact]
    public void The_policys_part_of_the_objective_never_falls()
    {
        var policy = TinyTransformer.Load("addition");
        foreach (var step in new Trainer(policy, Tasks.Addition(), Trpo, Options).Steps(4))
        {
            var batch = step.Report!.Batch;
            var now = new double[batch.Layout.Tokens];
            policy.Score(batch.Sequences!, 1, now, []);
            Assert.True(Trpo.Evaluate(batch.WithLogProbs(now)).Summary.Objective >= step.Report.Summary.Objective - 1e-9);
        }
    }

    [Fact]
    public void It_learns_to_add()
    {
        var run = new Trainer(
            TinyTransformer.Load("addition"),
            Tasks.Addition(),
            Trpo,
            new TrainerOptions { Seed = 1, TokensEvery = 0 }
        ).Train(20);
        Assert.True(run.After!.ExactProbability > run.Before!.ExactProbability + 0.1, $"{run.Before} -> {run.After}");
    }
}
