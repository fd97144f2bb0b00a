namespace UniPo;

/// <summary>Writes leave-one-out objectives for TRL's RLOOTrainer.</summary>
internal static class TrlRlooExporter
{
    public static string Write(PolicyObjective objective, ExportSheet sheet)
    {
        var advantage = (LeaveOneOut)objective.Advantage;
        ExportQuestions.RefuseExtras(advantage, sheet, "RLOOTrainer", rewardRange: true, normalize: true, weights: true);
        sheet.RefuseIf(advantage.Whiten is not null, "advantage", "RLOOTrainer does not whiten advantages over tokens.");
        sheet.Set("normalize_advantages", advantage.Normalize is not null);
        if (advantage.RewardRange is { } range)
            sheet.Set("reward_clip_range", new[] { range.Low, range.High });
        if (advantage.Weights is { Weights.Count: > 0 } weights)
            sheet.Set("reward_weights", weights.Weights.ToArray());
        Loss(objective, sheet);
        Kl(objective.Kl, sheet);
        sheet.Set("mask_truncated_completions", objective.Filters.DropTruncated);
        sheet.RefuseIf(
            objective.Filters with { DropTruncated = false } != new Filters(),
            "filters",
            "RLOOTrainer can only mask truncated responses."
        );
        sheet.RefuseIf(objective.Entropy is { Coefficient: > 0 }, "entropy", "RLOOTrainer has no entropy bonus.");
        sheet.RefuseIf(objective.Correction is not null, "correction", "RLOOTrainer does not correct for the sampler.");
        TrlExporter.Sampling(objective, sheet, "num_iterations");
        return "trl.RLOOConfig";
    }

    private static void Loss(PolicyObjective objective, ExportSheet sheet)
    {
        if (objective.Ratio is NoRatio)
        {
            // A·log π summed over a response, mean over responses: what a product ratio of 1 gives.
            TrlExporter.FreshOnly(objective, sheet);
            TrlExporter.Clip(ExportQuestions.Unbounded, ExportQuestions.Unbounded, sheet);
            sheet.RefuseIf(
                objective.Aggregation is not SequenceSum,
                "aggregation",
                "RLOOTrainer takes a response as one action: sums over tokens, mean over responses."
            );
            return;
        }
        if (objective.Clip is Clip or NoTrustRegion && ExportQuestions.PpoClip(objective.Clip) is { } clip)
            TrlExporter.Clip(clip.Low, clip.High, sheet);
        else
            sheet.Refuse("trust region", $"RLOOTrainer clips as PPO does; it cannot compute \"{objective.Clip.InWords}\".");
        sheet.RefuseIf(
            objective.Ratio is not SequenceProductRatio,
            "ratio",
            "RLOOTrainer takes the product of a response's ratios; use Ratio.SequenceProduct."
        );
        sheet.RefuseIf(
            objective.Aggregation is not SequenceMean,
            "aggregation",
            "RLOOTrainer takes the mean over responses of one term each: Aggregation.SequenceMean with Ratio.SequenceProduct."
        );
        sheet.WarnIf(
            objective.Clip is Clip,
            "trust region",
            "a product of many ratios leaves [1 − epsilon, 1 + epsilon] almost at once; once the policy has moved, most responses are clipped."
        );
    }

    private static void Kl(Kl kl, ExportSheet sheet)
    {
        sheet.Set(
            "beta",
            kl is KlInReward { Coefficient: var beta } ? beta : 0.0,
            kl is KlInReward ? "KL to the reference, in the reward" : "no reference model"
        );
        sheet.RefuseIf(kl is KlInLoss { Coefficient: > 0 }, "KL", "RLOOTrainer has KL in the reward only.");
        if (kl is not KlInReward inReward)
            return;
        sheet.RefuseIf(
            inReward.Estimator is not K1Estimator,
            "KL",
            $"RLOOTrainer estimates KL by k1, not by {inReward.Estimator.InWords}."
        );
        sheet.RefuseIf(inReward.AfterBaseline, "KL", "RLOOTrainer subtracts KL before the baseline.");
        sheet.RefuseIf(inReward.Adaptive is not null, "KL", "RLOOTrainer keeps beta fixed.");
    }
}
