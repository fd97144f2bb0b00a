namespace UniPo.Tests;

public sealed class CriticTests
{
    private static readonly PolicyObjective Ppo = new()
    {
        Name = "PPO",
        Advantage = new Gae { Whiten = new() },
        Clip = Clip.Symmetric(0.2),
        Value = new ValueLoss(),
        Sampling = new()
        {
            NeedsCritic = true,
            Passes = 2,
            MiniBatches = 2,
        },
    };

    private static readonly TrainerOptions Options = new()
    {
        Seed = 7,
        MeasureHeldOut = false,
        LearningRate = 3e-4,
    };

    [Fact]
    public void A_value_head_changes_no_probability_and_starts_at_zero()
    {
        var (plain, headed) = (TinyTransformer.Load("addition"), TinyTransformer.Load("addition").WithValueHead());
        var batch = Sampler.Sample(plain, Tasks.Addition(), 2, 4, seed: 1);
        Assert.Equal(
            plain.Forward(batch.Sequences!, 1).LogProbs.ToArray(),
            headed.Forward(batch.Sequences!, 1).LogProbs.ToArray()
        );
        Assert.All(headed.Forward(batch.Sequences!, 1).Values.ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void The_critic_comes_to_predict_the_reward()
    {
        var steps = new Trainer(TinyTransformer.Load("addition").WithValueHead(), Tasks.Addition(), Ppo, Options)
            .Steps(120)
            .ToList();
        var (early, late) = (
            steps.Take(12).Average(s => s.Metric("value_loss")!.Value),
            steps.TakeLast(12).Average(s => s.Metric("value_loss")!.Value)
        );
        Assert.True(late < 0.8 * early, $"{early} {late}");
        Assert.Equal([0, 0, 1, 1], steps.Take(4).Select(s => s.Pass));
    }

    [Fact]
    public void A_trust_region_step_moves_the_critics_head_beside_the_policy()
    {
        var policy = TinyTransformer.Load("addition").WithValueHead();
        var trpo = Ppo with
        {
            Name = "TRPO",
            Clip = Clip.None,
            Value = new ValueLoss { ClipRange = null },
            Step = new TrustRegionStep(),
            Sampling = new() { NeedsCritic = true },
        };
        var steps = new Trainer(policy, Tasks.Addition(), trpo, Options with { Prompts = 4 }).Steps(4).ToList();
        Assert.All(steps, s => Assert.InRange(s.Metric("step_kl")!.Value, 0, 0.01));
        Assert.Contains(policy.Parameters[policy.Parameters.Find("value_head.weight")].ToArray(), v => v != 0);
    }
}
