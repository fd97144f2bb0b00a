namespace UniPo;

/// <summary>Writes group-relative objectives for TRL's GRPOTrainer and its experimental kin.</summary>
internal static class TrlGrpoExporter
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

    private static string Loss(PolicyObjective objective, ExportSheet sheet)
    {
        var program =
            objective.Clip is GmpoClip ? "trl.experimental.gmpo.GMPOConfig"
            : objective.Ratio is SequenceTokenRatio ? "trl.experimental.gspo_token.GRPOConfig"
            : "trl.GRPOConfig";
        var type = objective.Clip switch
        {
            SapoGate gate => Sapo(gate, objective, sheet),
            CispoClip clip => Cispo(clip, objective, sheet),
            VespoWeight weight => Vespo(weight, objective, sheet),
            GmpoClip clip => Gmpo(clip, objective, sheet),
            _ => Ppo(objective, sheet),
        };
        if (type is not null)
            sheet.Set("loss_type", type, objective.Aggregation.InWords);
        if (objective.Aggregation is ConstantLength constant)
            Constant(constant, sheet);
        sheet.WarnIf(
            objective.Aggregation
                is SequenceMean { Rows: CountedRows.NonEmpty }
                    or SequenceSum { Rows: CountedRows.NonEmpty }
                    or ConstantLength { Rows: CountedRows.NonEmpty },
            "aggregation",
            "TRL counts responses without an active token, too."
        );
        Level(objective, type, sheet);
        return program;
    }

    private static void Constant(ConstantLength constant, ExportSheet sheet)
    {
        if (constant.Length is { } length)
            sheet.Set(
                "max_completion_length",
                (int)Math.Round(length),
                "the constant every response is divided by; also the longest response sampled"
            );
        else
            sheet.Warn("aggregation", "dr_grpo divides by max_completion_length: set it to the longest response allowed.");
    }

    private static void Level(PolicyObjective objective, string? type, ExportSheet sheet)
    {
        if (type is null or "vespo")
            return; // these know one level only
        var level = objective.Ratio switch
        {
            TokenRatio or NoRatio => "token",
            SequenceMeanRatio => "sequence",
            SequenceTokenRatio => "sequence_token",
            _ => null,
        };
        if (level is null)
            sheet.Refuse(
                "ratio",
                "GRPOTrainer has ratios per token or the mean ratio of a response; the product belongs to RLOOTrainer."
            );
        else
            sheet.Set("importance_sampling_level", level);
        sheet.WarnIf(
            level == "sequence" && type is ("dapo" or "bnpo" or "dr_grpo" or "cispo"),
            "ratio",
            $"with ratios per response, {type} weighs each response by its length (TRL warns of it)."
        );
        sheet.WarnIf(
            objective.Ratio is TokenRatio { LogClamp: < 20 } or SequenceMeanRatio { LogClamp: < 10 },
            "ratio",
            "TRL does not clamp log-ratios."
        );
    }

    private static string? Ppo(PolicyObjective objective, ExportSheet sheet)
    {
        if (ExportQuestions.PpoClip(objective.Clip) is not { } clip)
        {
            sheet.Refuse("trust region", $"GRPOTrainer cannot compute \"{objective.Clip.InWords}\".");
            return null;
        }
        TrlExporter.Clip(clip.Low, clip.High, sheet);
        sheet.Set("delta", clip.Cap, clip.Cap is null ? "" : "no ratio counts more than this");
        sheet.RefuseIf(
            objective.Clip is DualClip dual && dual.Cap <= 1 + dual.High,
            "trust region",
            "delta also caps good tokens when it is not above 1 + epsilon_high."
        );
        switch (objective.Aggregation)
        {
            case SequenceMean:
                return "grpo";
            case TokenMean:
                return "dapo";
            case MicroBatchTokenMean:
                return "bnpo";
            case ConstantLength:
                return "dr_grpo";
            case SequenceSum:
                sheet.RefuseIf(
                    objective.Ratio is not (SequenceMeanRatio or SequenceTokenRatio),
                    "aggregation",
                    "TRL sums tokens of a response only with ratios per response (luspo)."
                );
                return "luspo";
            default:
                sheet.Refuse("aggregation", $"GRPOTrainer cannot compute \"{objective.Aggregation.InWords}\".");
                return null;
        }
    }

    private static string Sapo(SapoGate gate, PolicyObjective objective, ExportSheet sheet)
    {
        sheet.Set("sapo_temperature_pos", gate.TauPositive);
        sheet.Set("sapo_temperature_neg", gate.TauNegative);
        sheet.RefuseIf(
            objective.Aggregation is not SequenceMean,
            "aggregation",
            "loss_type=\"sapo\" takes the mean per response, then over responses."
        );
        return "sapo";
    }

    private static string Cispo(CispoClip clip, PolicyObjective objective, ExportSheet sheet)
    {
        sheet.Set("epsilon_high", clip.Highest, "the largest weight itself, not a distance from 1");
        sheet.Warn(
            "trust region",
            "for cispo, epsilon_high is an absolute ratio. Left at None it becomes epsilon = 0.2, which cuts nearly every weight to 0.2."
        );
        sheet.RefuseIf(
            clip.Lowest > 0,
            "trust region",
            FormattableString.Invariant(
                $"loss_type=\"cispo\" has no lower bound of the weight, but CispoClip.Lowest is {clip.Lowest}."
            )
        );
        sheet.RefuseIf(
            objective.Aggregation is not TokenMean,
            "aggregation",
            "loss_type=\"cispo\" takes the mean over all tokens."
        );
        return "cispo";
    }

    private static string Vespo(VespoWeight weight, PolicyObjective objective, ExportSheet sheet)
    {
        sheet.Set("vespo_k_pos", weight.ShapePositive);
        sheet.Set("vespo_lambda_pos", weight.RatePositive);
        sheet.Set("vespo_k_neg", weight.ShapeNegative);
        sheet.Set("vespo_lambda_neg", weight.RateNegative);
        sheet.RefuseIf(
            objective.Ratio is not SequenceProductRatio,
            "ratio",
            "loss_type=\"vespo\" weighs by the product of a response's ratios."
        );
        sheet.RefuseIf(
            objective.Aggregation is not TokenMean,
            "aggregation",
            "loss_type=\"vespo\" takes the mean over all tokens."
        );
        return "vespo";
    }

    private static string? Gmpo(GmpoClip clip, PolicyObjective objective, ExportSheet sheet)
    {
        TrlExporter.Clip(clip.Low, clip.High, sheet);
        sheet.Warn("trust region", "GMPO's epsilon is in log units: 0.4 allows ratios from e^-0.4 to e^0.4.");
        sheet.RefuseIf(
            objective.Ratio is not SequenceMeanRatio,
            "ratio",
            "GMPOTrainer takes the geometric mean of a response's ratios."
        );
        sheet.RefuseIf(objective.Aggregation is not SequenceMean, "aggregation", "GMPOTrainer takes the mean over responses.");
        return null;
    }

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
