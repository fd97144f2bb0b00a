namespace UniPo.Tests.Golden;

/// <summary>
/// TRL's PPO: KL in the reward, the score one place after the last token, GAE, whitening, both losses (trl_ppo.json).
/// </summary>
internal static class TrlPpo
{
    public static void Check(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows("kl_coef", "cliprange", "vf_coef", "cliprange_value", "kl_estimator", "whiten_rewards", "gamma", "lam");
        var batch = GoldenFolder.Current.BatchOf(c);
        var policyMask = Flipped(c.Grid("padding_mask"));
        var valueMask = Flipped(c.Grid("padding_mask_p1")); // the critic also judges the place after the last token, where the score is paid
        var (actor, critic) = (batch.ToRollout(policyMask), batch.ToRollout(valueMask));
        var kl = Kl.InReward(config.Number("kl_coef"), config.Text("kl_estimator") == "k3" ? KlEstimator.K3 : KlEstimator.K1);
        var penalty = new RewardOnly().Estimate(actor, kl).RewardKl!.Values.ToArray();
        Expect.Near("kl", Zeroed(c.Grid("kl"), policyMask), penalty);

        var rewards = penalty.Select(k => -kl.Coefficient * k).ToArray();
        for (var row = 0; row < batch.Rows; row++)
            rewards[row * batch.Width + Math.Min((int)c.Numbers("sequence_lengths")[row] + 1, batch.Width - 1)] +=
                batch.Source.Numbers("rewards")[row];
        var gae = new Gae
        {
            Gamma = config.Number("gamma"),
            Lambda = config.Number("lam"),
            MaskedTokens = MaskedTokens.Zero,
            WhitenRewards = config.Flag("whiten_rewards") ? new Whitening { ShiftMean = false } : null,
        };
        var estimate = gae.Estimate(critic with { TokenRewards = new TokenColumn(critic.Layout, rewards) });
        Expect.Near("returns", Zeroed(c.Grid("returns"), valueMask), estimate.ValueTargets!.Values);
        var advantages = new Whitening().Apply(actor.Layout, estimate.Advantages.Values.ToArray());
        Expect.Near("advantages", Zeroed(c.Grid("advantages"), policyMask), Zeroed(advantages, actor.Layout));
        Losses(c, config, actor, critic, advantages, estimate.ValueTargets);
    }

    private static void Losses(
        GoldenCase c,
        GoldenCase config,
        RolloutBatch actor,
        RolloutBatch critic,
        double[] advantages,
        TokenColumn targets
    )
    {
        var policy = new PolicyObjective
        {
            Name = "TRL PPO",
            Advantage = new Gae(),
            Clip = Clip.Symmetric(config.Number("cliprange")),
        };
        var policyReport = policy.Evaluate(
            new CreditedBatch
            {
                Batch = actor,
                Totals = BatchTotals.Of(actor.Layout),
                Advantages = new TokenColumn(actor.Layout, Zeroed(advantages, actor.Layout)),
            }
        );
        Expect.Near("pg_loss", c.Number("pg_loss"), policyReport.Summary.Loss);
        Expect.Gradient(c, policyReport);
        var value = policy with
        {
            Value = new ValueLoss { Coefficient = config.Number("vf_coef"), ClipRange = config.Number("cliprange_value") },
        };
        var valueReport = value.Evaluate(
            new CreditedBatch
            {
                Batch = critic,
                Totals = BatchTotals.Of(critic.Layout),
                Advantages = new TokenColumn(critic.Layout, new double[critic.Layout.Tokens]),
                ValueTargets = targets,
            }
        );
        Expect.Near("vf_loss", c.Number("vf_loss"), valueReport.Summary.Loss / config.Number("vf_coef"));
        Expect.Near("loss", c.Number("loss"), policyReport.Summary.Loss + valueReport.Summary.Loss);
        Expect.Negated("grad_new_values", c.Grid("grad_new_values"), valueReport.ValueWeight!);
        Expect.Near("vf_clipfrac", c.Number("vf_clipfrac"), valueReport.Summary.ValueClipFraction!.Value);
    }

    private static double[][] Flipped(double[][] padding) => [.. padding.Select(r => r.Select(p => 1 - p).ToArray())];

    private static double[][] Zeroed(double[][] values, double[][] mask) => VerlAdvantages.Masked(values, mask);

    private static double[] Zeroed(double[] values, TokenLayout layout) =>
        [.. values.Select((v, i) => layout.IsActive(i) ? v : 0)];
}
