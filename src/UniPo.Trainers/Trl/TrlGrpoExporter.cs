namespace UniPo;

/// <summary>Writes group-relative objectives for TRL's GRPOTrainer and its experimental kin.</summary>
internal static partial class TrlGrpoExporter
{
    public static string Write(PolicyObjective objective, ExportSheet sheet)
    {
        Advantage(objective, sheet);
        var program = Loss(objective, sheet);
        Kl(objective, sheet);
        Entropy(objective, sheet);
        Filters(objective.Filters, sheet);
        Correction(objective.Correction, sheet);
        TrlExporter.Sampling(objective, sheet, "num_iterations");
        TrlExporter.FreshOnly(objective, sheet);
        sheet.RefuseIf(objective.Value is not null, "critic", "GRPOTrainer has no critic; use GAE for TRL's PPOTrainer.");
        return program;
    }

    private static void Advantage(PolicyObjective objective, ExportSheet sheet)
    {
        var advantage = objective.Advantage;
        var sums = advantage is NormalizedRewardSum;
        ExportQuestions.RefuseExtras(advantage, sheet, "GRPOTrainer", normalize: sums, weights: true);
        sheet.RefuseIf(advantage.Whiten is not null, "advantage", "GRPOTrainer does not whiten advantages over tokens.");
        switch (advantage)
        {
            case GroupMeanStd a:
                sheet.Set("scale_rewards", "group", "divided by the group's spread");
                sheet.RefuseIf(a.Ddof != 1, "advantage", "GRPOTrainer divides the variance by G − 1.");
                WarnOfEpsilon(a.Epsilon, sheet);
                break;
            case GroupMeanBatchStd a:
                sheet.Set("scale_rewards", "batch", "divided by the batch's spread");
                sheet.RefuseIf(a.Ddof != 1, "advantage", "GRPOTrainer divides the variance by N − 1.");
                WarnOfEpsilon(a.Epsilon, sheet);
                break;
            case GroupMean:
                sheet.Set("scale_rewards", "none", "not divided by a spread");
                break;
            case NormalizedRewardSum a:
                sheet.Set("scale_rewards", "group");
                sheet.Set(
                    "multi_objective_aggregation",
                    "normalize_then_sum",
                    "each reward a z-score, then summed and normalised over the batch"
                );
                sheet.RefuseIf(
                    a.Normalize is null,
                    "advantage",
                    "with normalize_then_sum GRPOTrainer always normalises the sum over the batch; set Normalize."
                );
                WarnOfEpsilon(a.Epsilon, sheet);
                break;
            default:
                sheet.Refuse(
                    "advantage",
                    $"GRPOTrainer compares with the group's mean only; it cannot compute \"{advantage.InWords}\"."
                );
                break;
        }
        if (advantage.Weights is { Weights.Count: > 0 } weights)
            sheet.Set("reward_weights", weights.Weights.ToArray());
    }

    private static void WarnOfEpsilon(double epsilon, ExportSheet sheet) =>
        sheet.WarnIf(
            epsilon != 1e-4,
            "advantage",
            FormattableString.Invariant(
                $"TRL adds 1e-4 to the spread and cannot be told otherwise; here it is {epsilon:0.######e0}. It matters when rewards hardly differ."
            )
        );

    private static void Kl(PolicyObjective objective, ExportSheet sheet)
    {
        sheet.Set(
            "beta",
            objective.Kl is KlInLoss { Coefficient: var beta } ? beta : 0.0,
            objective.Kl is KlInLoss ? "KL to the reference, in the loss" : "no reference model"
        );
        sheet.RefuseIf(
            objective.Kl is KlInReward { Coefficient: > 0 },
            "KL",
            "GRPOTrainer has KL in the loss only; RLOOTrainer and PPOTrainer have it in the reward."
        );
        if (objective.Kl is not KlInLoss kl)
            return;
        sheet.Set(
            "use_bias_correction_kl",
            kl.TimesRatio,
            kl.TimesRatio ? "KL times the ratio" : "KL as it is (newer versions multiply by the ratio by default)"
        );
        sheet.RefuseIf(
            kl.Estimator is not K3Estimator { GradientOfK2: false },
            "KL",
            $"GRPOTrainer estimates KL by k3, not by {kl.Estimator.InWords}."
        );
        sheet.WarnIf(
            kl.Estimator.ValueClamp is not null || kl.Estimator.LogRatioClamp < Ratio.Limit,
            "KL",
            "TRL does not clamp its KL estimate."
        );
        sheet.RefuseIf(kl.Adaptive is not null, "KL", "GRPOTrainer keeps beta fixed.");
        sheet.RefuseIf(
            kl.Aggregation is { } own && !ExportQuestions.Alike(own, objective.Aggregation),
            "KL",
            "GRPOTrainer aggregates KL together with the policy term."
        );
    }

    private static void Entropy(PolicyObjective objective, ExportSheet sheet)
    {
        if (objective.Entropy is not { Coefficient: > 0 } bonus)
            return;
        sheet.Set("entropy_coef", bonus.Coefficient);
        sheet.RefuseIf(
            !ExportQuestions.Aggregates(bonus.Aggregation, objective.Aggregation, a => a is TokenMean),
            "entropy",
            "TRL always takes the mean entropy over tokens; set EntropyBonus.Aggregation = Aggregation.TokenMean."
        );
        sheet.RefuseIf(
            objective.Filters.TopEntropy is not null && !bonus.KeptTokensOnly,
            "entropy",
            "with top_entropy_quantile TRL gives the bonus to kept tokens only; set EntropyBonus.KeptTokensOnly."
        );
    }

    private static void Filters(Filters filters, ExportSheet sheet)
    {
        sheet.Set(
            "mask_truncated_completions",
            filters.DropTruncated,
            filters.DropTruncated ? "truncated responses get no say" : ""
        );
        if (filters.TopEntropy is { } share)
            sheet.Set("top_entropy_quantile", share, "share of tokens that learn, by entropy");
        if (filters.OffPolicyLimit is { } limit)
            sheet.Set("off_policy_mask_threshold", limit, "bad responses that fell further get no say");
        sheet.RefuseIf(filters.DropSilentGroups, "filters", "TRL keeps groups whose rewards are all equal in its denominators.");
    }

    private static void Correction(SamplerCorrection? correction, ExportSheet sheet)
    {
        sheet.Set(
            "vllm_importance_sampling_correction",
            correction is not null,
            correction is null ? "on by default when vLLM samples" : ""
        );
        switch (correction)
        {
            case null:
                return;
            case SequenceCorrection { PerToken: false } c:
                Mode("sequence_mask", c.Low, c.High, sheet);
                return;
            case TruncatedCorrection c:
                Mode("token_truncate", c.Low, c.High, sheet);
                return;
            case MaskedCorrection c:
                Mode("token_mask", c.Low, c.High, sheet);
                return;
            default:
                sheet.Refuse("correction", $"TRL has no correction \"{correction.InWords}\".");
                return;
        }
    }

    private static void Mode(string mode, double low, double high, ExportSheet sheet)
    {
        sheet.Set("vllm_importance_sampling_mode", mode);
        sheet.Set("vllm_importance_sampling_clip_max", high);
        sheet.Set("vllm_importance_sampling_clip_min", low > 0 ? low : null);
    }
}
