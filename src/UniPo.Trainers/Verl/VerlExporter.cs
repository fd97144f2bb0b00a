namespace UniPo;

/// <summary>Writes policy objectives for verl's PPO trainer.</summary>
/// <remarks>
/// Settings and their meaning: verl/trainer/ppo/core_algos.py and verl/trainer/config at 1dda039b (August 2026).
/// </remarks>
internal static class VerlExporter
{
    private const string Actor = "actor_rollout_ref.actor.";

    public static string Write(Objective objective, ExportSheet sheet)
    {
        ExportQuestions.RefuseStep(objective, sheet, "verl");
        switch (objective)
        {
            case PolicyObjective policy:
                Policy(policy, sheet);
                return "verl.trainer.main_ppo";
            case ImitationObjective imitation:
                sheet.RefuseIf(
                    imitation.Selection is not EveryResponse,
                    "selection",
                    "verl's SFT trainer imitates what its data set holds; select responses yourself."
                );
                sheet.RefuseIf(
                    imitation.Aggregation is not TokenMean,
                    "aggregation",
                    "verl's SFT trainer takes the mean over all tokens."
                );
                return "verl.trainer.sft_trainer";
            default:
                sheet.Refuse("objective", "verl's trainers have no preference losses.");
                return "verl";
        }
    }

    private static void Policy(PolicyObjective objective, ExportSheet sheet)
    {
        VerlAdvantage.Write(objective, sheet);
        VerlLoss.Write(objective, sheet);
        Aggregation(objective, sheet);
        Kl(objective, sheet);
        Extras(objective, sheet);
        Correction(objective.Correction, sheet);
        sheet.Set("actor_rollout_ref.rollout.n", objective.Sampling.GroupSize, "responses per prompt");
        sheet.Set(Actor + "ppo_epochs", objective.Sampling.Passes, "passes over each response");
        if (objective.Sampling.RefillSilentGroups)
        {
            sheet.Set("algorithm.filter_groups.enable", true, "groups whose rewards are all equal are sampled anew");
            sheet.Set(
                "algorithm.filter_groups.metric",
                "score",
                "a field of the reward function's result; score is the reward itself"
            );
            sheet.Set(
                "algorithm.filter_groups.max_inflight_gen_batches",
                objective.Sampling.MaxRefills,
                "bound of the refilling"
            );
        }
        VerlOverlong.Write(objective, sheet);
        ExportQuestions.WarnOfSampling(
            objective.Sampling,
            sheet,
            "",
            "",
            $"for {objective.Sampling.MiniBatches} steps a pass set data.train_batch_size = {objective.Sampling.MiniBatches} × actor.ppo_mini_batch_size."
        );
    }

    private static void Aggregation(PolicyObjective objective, ExportSheet sheet)
    {
        var mode = objective.Aggregation switch
        {
            TokenMean => "token-mean",
            SequenceMean => "seq-mean-token-mean",
            SequenceSum => "seq-mean-token-sum",
            ConstantLength => "seq-mean-token-sum-norm",
            TokenSum { Scale: 1 } => "token-sum",
            _ => null,
        };
        if (mode is null)
            sheet.Refuse("aggregation", $"verl cannot compute \"{objective.Aggregation.InWords}\".");
        else
            sheet.Set(Actor + "loss_agg_mode", mode, "the default token-mean is DAPO's, not GRPO's");
        if (objective.Aggregation is ConstantLength constant)
        {
            if (constant.Length is { } length)
                sheet.Set(
                    Actor + "loss_scale_factor",
                    (int)Math.Round(length),
                    "left at null, the padded width of each batch is used, which changes"
                );
            else
                sheet.Warn(
                    "aggregation",
                    "loss_scale_factor is not set, so verl divides by the padded width of each batch, which changes; set it to the longest response allowed. Before 2026 the mode did not divide by the number of responses."
                );
        }
        sheet.WarnIf(
            ExportQuestions.LeavesOutEmptyRows(objective.Aggregation),
            "aggregation",
            "in training verl counts fully masked responses, too (ppo_mini_batch_size × n)."
        );
    }

    private static void Kl(PolicyObjective objective, ExportSheet sheet)
    {
        var (inLoss, inReward) = (objective.Kl as KlInLoss, objective.Kl as KlInReward);
        sheet.Set(Actor + "use_kl_loss", inLoss is not null);
        if (inLoss is not null)
        {
            sheet.Set(Actor + "kl_loss_coef", inLoss.Coefficient);
            sheet.Set(Actor + "kl_loss_type", Estimator(inLoss.Estimator, sheet));
            sheet.RefuseIf(inLoss.TimesRatio, "KL", "verl does not multiply KL by the ratio.");
            sheet.RefuseIf(inLoss.Adaptive is not null, "KL", "verl adapts the coefficient of KL in the reward only.");
            sheet.RefuseIf(
                inLoss.Aggregation is { } own && !ExportQuestions.Alike(own, objective.Aggregation),
                "KL",
                "verl aggregates KL as the policy term."
            );
        }
        sheet.Set("algorithm.use_kl_in_reward", inReward is { Coefficient: > 0 });
        if (inReward is not { Coefficient: > 0 })
            return;
        sheet.Set("algorithm.kl_penalty", Estimator(inReward.Estimator, sheet));
        sheet.Set("algorithm.kl_ctrl.type", inReward.Adaptive is null ? "fixed" : "adaptive");
        sheet.Set("algorithm.kl_ctrl.kl_coef", inReward.Coefficient);
        if (inReward.Adaptive is { } adaptive)
        {
            sheet.Set("algorithm.kl_ctrl.target_kl", adaptive.Target);
            sheet.Set("algorithm.kl_ctrl.horizon", adaptive.Horizon);
        }
        sheet.RefuseIf(
            inReward.AfterBaseline && objective.Advantage is OutcomeAdvantage,
            "KL",
            "verl subtracts KL before the baseline."
        );
    }

    private static string Estimator(KlEstimator estimator, ExportSheet sheet)
    {
        sheet.WarnIf(
            estimator is K3Estimator && estimator.ValueClamp != 10,
            "KL",
            "verl holds k3 within ±10 (and its log-ratio within ±20); no gradient beyond."
        );
        var name = estimator switch
        {
            K1Estimator => "kl",
            K2Estimator => "mse",
            AbsoluteEstimator => "abs",
            _ => "low_var_kl",
        };
        return estimator.GradientOfK2 ? name + "+" : name;
    }

    private static void Extras(PolicyObjective objective, ExportSheet sheet)
    {
        sheet.Set(Actor + "entropy_coeff", objective.Entropy?.Coefficient ?? 0.0);
        sheet.RefuseIf(
            objective.Entropy is { Coefficient: > 0, Aggregation: { } own } && !ExportQuestions.Alike(own, objective.Aggregation),
            "entropy",
            "verl aggregates the entropy bonus as the policy term."
        );
        sheet.RefuseIf(
            objective.Filters with { DropTruncated = false } != new Filters(),
            "filters",
            $"verl cannot silence responses or tokens in the loss ({objective.Filters}); shape their rewards instead."
        );
        if (objective.Value is not { } loss)
            return;
        sheet.Set("critic.cliprange_value", loss.ClipRange ?? ExportQuestions.Unbounded, loss.ClipRange is null ? "no clip" : "");
        sheet.RefuseIf(
            loss.Aggregation is { } critics && !ExportQuestions.Alike(critics, objective.Aggregation),
            "critic",
            "verl aggregates the critic's error as the policy term."
        );
        sheet.WarnIf(
            loss.Coefficient != 1,
            "critic",
            "verl's critic has an optimiser of its own, so its loss has no coefficient; scale critic.optim.lr instead."
        );
    }

    // verl's parser wants two positive numbers with an underscore between them.
    private static string Bounds(double low, double high) =>
        FormattableString.Invariant($"{(decimal)Math.Max(low, 1e-9)}_{(decimal)Math.Min(high, ExportQuestions.Unbounded)}");

    private static void Correction(SamplerCorrection? correction, ExportSheet sheet)
    {
        if (correction is null)
            return;
        const string key = "algorithm.rollout_correction.";
        switch (correction)
        {
            case TruncatedCorrection { Low: 0 } c:
                sheet.Set(key + "rollout_is", "token");
                sheet.Set(key + "rollout_is_threshold", c.High);
                break;
            case MaskedCorrection c:
                sheet.Set(key + "rollout_is", "token");
                sheet.Set(
                    key + "rollout_is_threshold",
                    Bounds(c.Low, c.High),
                    c.Low > 0
                        ? "two bounds: tokens outside count 0"
                        : "two bounds; the lower one must be above 0, and no token lies below this"
                );
                break;
            default:
                sheet.Refuse("correction", $"verl cannot compute \"{correction.InWords}\".");
                break;
        }
        sheet.Set("actor_rollout_ref.rollout.calculate_log_probs", true, "the sampler's log-probabilities are needed");
    }
}
