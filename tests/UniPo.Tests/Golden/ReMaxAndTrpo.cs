using UniPo.Numerics;

namespace UniPo.Tests.Golden;

/// <summary>The ReMax authors' returns and loss, and Spinning Up's conjugate gradients (remax_trpo.json).</summary>
internal static class ReMaxAndTrpo
{
    public static void Check(GoldenCase c)
    {
        if (c.Has("H"))
            Trpo(c);
        else
            ReMax(c);
    }

    private static void ReMax(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows("gamma", "kl_ctl", "clip_reward_value");
        var batch = GoldenFolder.Current.BatchOf(c);
        var rollout = batch.ToRollout("mask", null, [.. Enumerable.Repeat(1, batch.Rows)]);
        var limit = config.Number("clip_reward_value");
        var objective = new PolicyObjective
        {
            Name = "ReMax",
            Ratio = Ratio.None,
            Clip = Clip.None,
            Aggregation = new TokenMean(),
            Advantage = new GreedyBaseline
            {
                Gamma = config.Number("gamma"),
                Range = new Interval(-limit, limit),
                PenaltyToGo = false,
                PaidAfterEnd = true,
            },
            Kl = Kl.InReward(config.Number("kl_ctl")),
        };
        var credited = objective.Credit(rollout);
        Expect.Near("returns", VerlAdvantages.Masked(c.Grid("returns"), batch.Mask), credited.Advantages!.Values);
        var report = objective.Evaluate(credited);
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        Expect.Gradient(c, report);
    }

    private static void Trpo(GoldenCase c)
    {
        var (h, g) = (c.Grid("H"), c.Numbers("g"));
        double[] Times(double[] v) => [.. h.Select(row => row.Zip(v, (a, b) => a * b).Sum())];
        var x = ConjugateGradient.Solve(Times, g, (int)c.Number("cg_iters"), c.Number("EPS"));
        Expect.Near("x", c.Numbers("x"), x);
        var curvature = x.Zip(Times(x), (a, b) => a * b).Sum();
        Expect.Near("step_alpha", c.Number("step_alpha"), Math.Sqrt(2 * c.Number("delta") / (curvature + c.Number("EPS"))));
    }
}
