namespace UniPo.Tests.Golden;

/// <summary>verl's advantage estimators (verl_advantages.json and those of verl_old_changed.json).</summary>
internal static class VerlAdvantages
{
    private static readonly Whitening Whiten = new() { CountEpsilon = 1e-8 };

    public static void Check(GoldenCase c)
    {
        var batch = GoldenFolder.Current.BatchOf(c);
        var estimator = Estimator(c);
        // A prompt with a single response keeps its reward upstream; NormalizedRewardSum has no such choice. With one reward both
        // are the same but for that.
        if (estimator is NormalizedRewardSum sum && batch.GroupSizes.Contains(1))
            estimator = new GroupMeanStd
            {
                Epsilon = sum.Epsilon,
                Lone = LoneResponse.Reward,
                Whiten = sum.Whiten,
            };
        var rollout = batch.ToRollout(
            "mask",
            c.Text("rewards"),
            estimator is GreedyBaseline ? [.. Enumerable.Repeat(1, batch.Rows)] : null
        );
        if (c.Text("estimator") == "remax")
            rollout = WithoutMaskedRewards(rollout);
        var estimate = estimator.Estimate(rollout);
        var tolerance = c.Text("estimator") == "grpo_vectorized" ? 1e-5 : Expect.Tolerance; // computed upstream in single precision
        double[] rewards = [.. rollout.Responses.Select(r => r.Reward)];
        Expect.Near(
            "advantages",
            Masked(c.Grid("advantages"), batch.Mask),
            estimate.Advantages.Values,
            tolerance,
            RoundingNoise.Of(estimator, rollout.Layout, rewards, c.Text("estimator") == "grpo_vectorized")
        );
        if (estimator is Gae)
            Expect.Near("returns", Masked(c.Grid("returns"), batch.Mask), estimate.ValueTargets!.Values);
    }

    internal static Advantage Estimator(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows("gamma", "lam", "epsilon", "norm_adv_by_std_in_grpo", "handle_zero_tail", "note");
        var (gamma, epsilon) = (config.Or("gamma", 1), config.Or("epsilon", 1e-6));
        var byStd = !config.Has("norm_adv_by_std_in_grpo") || config.Flag("norm_adv_by_std_in_grpo");
        const LoneResponse reward = LoneResponse.Reward;
        return c.Text("estimator") switch
        {
            "gae" => new Gae
            {
                Gamma = gamma,
                Lambda = config.Or("lam", 1),
                Whiten = Whiten,
            },
            "grpo" or "grpo_vectorized" => byStd
                ? new GroupMeanStd { Epsilon = epsilon, Lone = reward }
                : new GroupMean { Lone = reward },
            "grpo_passk" => new BestOfGroup { DivideByStd = byStd, Epsilon = epsilon },
            "rloo" => new LeaveOneOut { Lone = reward },
            "rloo_vectorized" => new LeaveOneOut(),
            "opo" => new LengthWeightedMean { Lone = reward },
            "gpg" => new Gpg { Lone = reward },
            "reinforce_plus_plus_baseline" => new GroupMean { Lone = reward, Whiten = Whiten },
            "reinforce_plus_plus" => new RewardToGo
            {
                Gamma = gamma,
                Whiten = Whiten,
                StopAtMasked = c.Text("source").StartsWith("verl_old", StringComparison.Ordinal),
            },
            "remax" => new GreedyBaseline(),
            "gdpo" when byStd => new NormalizedRewardSum { Epsilon = epsilon, Whiten = Whiten },
            var name => throw new NotCoveredException($"estimator {name}"),
        };
    }

    private static RolloutBatch WithoutMaskedRewards(RolloutBatch rollout)
    {
        double[] rewards = [.. rollout.TokenRewards!.Values.ToArray().Select((r, i) => rollout.Layout.IsActive(i) ? r : 0)];
        return rollout with { TokenRewards = new TokenColumn(rollout.Layout, rewards) };
    }

    // verl leaves carried numbers at masked positions of GAE; a masked token has no advantage here.
    internal static double[][] Masked(double[][] values, double[][] mask) =>
        [.. values.Select((row, i) => row.Select((v, t) => mask[i][t] > 0 ? v : 0).ToArray())];
}
