namespace UniPo;

/// <summary>Writes objectives with a critic for TRL's experimental PPOTrainer.</summary>
internal static class TrlPpoExporter
{
    public static string Write(PolicyObjective objective, ExportSheet sheet)
    {
        Advantage((Gae)objective.Advantage, sheet);
        sheet.RefuseIf(objective.Ratio is not TokenRatio, "ratio", "PPOTrainer has one ratio per token.");
        if (objective.Clip is Clip clip && clip.Low == clip.High)
            sheet.Set("cliprange", clip.Low);
        else if (objective.Clip is NoTrustRegion)
            sheet.Set("cliprange", ExportQuestions.Unbounded, "no clip");
        else
            sheet.Refuse(
                "trust region",
                $"PPOTrainer clips alike on both sides; it cannot compute \"{objective.Clip.InWords}\"."
            );
        sheet.RefuseIf(objective.Aggregation is not TokenMean, "aggregation", "PPOTrainer takes the mean over all tokens.");
        Critic(objective, sheet);
        Kl(objective.Kl, sheet);
        sheet.RefuseIf(objective.Entropy is { Coefficient: > 0 }, "entropy", "PPOTrainer has no entropy bonus.");
        sheet.RefuseIf(objective.Filters != new Filters(), "filters", "PPOTrainer masks nothing but padding.");
        sheet.RefuseIf(objective.Correction is not null, "correction", "PPOTrainer does not correct for the sampler.");
        sheet.Set("num_ppo_epochs", objective.Sampling.Passes, "passes over each response");
        sheet.Set("num_mini_batches", objective.Sampling.MiniBatches, "steps a pass");
        ExportQuestions.WarnOfSampling(
            objective.Sampling with
            {
                MiniBatches = 1,
            },
            sheet,
            "PPOTrainer samples one response per prompt.",
            "put the penalty on long responses into the reward model.",
            ""
        );
        sheet.Warn(
            "critic",
            "PPOTrainer pays the score one place after the last token and keeps a value there; advantages near the end differ a little."
        );
        sheet.Warn("trainer", "PPOTrainer was removed after TRL 1.10 (pull request 7020); install trl<=1.10.");
        return "trl.experimental.ppo.PPOConfig";
    }

    private static void Advantage(Gae gae, ExportSheet sheet)
    {
        ExportQuestions.RefuseExtras(gae, sheet, "PPOTrainer");
        sheet.Set("gamma", gae.Gamma);
        sheet.Set("lam", gae.Lambda);
        sheet.Set("whiten_rewards", gae.WhitenRewards is not null);
        sheet.RefuseIf(
            gae.Whiten is not { ShiftMean: true, DivideByStd: true },
            "advantage",
            "PPOTrainer always whitens advantages; set Whiten = new()."
        );
        sheet.RefuseIf(
            gae.WhitenRewards is { ShiftMean: true },
            "advantage",
            "whiten_rewards keeps the rewards' mean; set WhitenRewards = new() { ShiftMean = false }."
        );
    }

    private static void Critic(PolicyObjective objective, ExportSheet sheet)
    {
        sheet.Set("vf_coef", objective.Value?.Coefficient ?? 0.0);
        sheet.Set(
            "cliprange_value",
            objective.Value?.ClipRange ?? ExportQuestions.Unbounded,
            objective.Value is { ClipRange: null } ? "no clip" : ""
        );
        sheet.RefuseIf(
            objective.Value is { } loss
                && !ExportQuestions.Aggregates(loss.Aggregation, objective.Aggregation, a => a is TokenMean),
            "critic",
            "PPOTrainer takes the mean error over all tokens."
        );
    }

    private static void Kl(Kl kl, ExportSheet sheet)
    {
        sheet.Set("kl_coef", kl is KlInReward { Coefficient: var beta } ? beta : 0.0, "KL to the reference, in the reward");
        sheet.RefuseIf(kl is KlInLoss { Coefficient: > 0 }, "KL", "PPOTrainer has KL in the reward only.");
        if (kl is not KlInReward inReward)
            return;
        if (inReward.Estimator is K1Estimator or K3Estimator)
            sheet.Set("kl_estimator", inReward.Estimator.InWords);
        else
            sheet.Refuse("KL", $"PPOTrainer estimates KL by k1 or k3, not by {inReward.Estimator.InWords}.");
        sheet.RefuseIf(inReward.Adaptive is not null, "KL", "PPOTrainer keeps kl_coef fixed.");
    }
}
