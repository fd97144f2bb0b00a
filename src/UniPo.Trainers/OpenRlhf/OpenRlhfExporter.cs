namespace UniPo;

/// <summary>Writes objectives for OpenRLHF's command line.</summary>
/// <remarks>
/// Arguments and their meaning: openrlhf/cli/train_ppo_ray.py, models/loss.py, trainer/ppo_utils/experience_maker.py at 3c3be623
/// (August 2026).
/// </remarks>
internal static class OpenRlhfExporter
{
    public static string Write(Objective objective, ExportSheet sheet)
    {
        ExportQuestions.RefuseStep(objective, sheet, "OpenRLHF");
        switch (objective)
        {
            case PolicyObjective policy:
                OpenRlhfAdvantage.Write(policy, sheet);
                Loss(policy, sheet);
                Kl(policy, sheet);
                Extras(policy, sheet);
                Correction(policy.Correction, sheet);
                return "openrlhf.cli.train_ppo_ray";
            case PreferenceObjective preference:
                Preference(preference, sheet);
                return "openrlhf.cli.train_dpo";
            case ImitationObjective imitation:
                sheet.RefuseIf(
                    imitation.Selection is not EveryResponse,
                    "selection",
                    "OpenRLHF imitates what its data set holds; select responses yourself (openrlhf.cli.batch_inference can draw best-of-n)."
                );
                sheet.RefuseIf(
                    imitation.Aggregation is not TokenMean,
                    "aggregation",
                    "OpenRLHF's SFT takes the mean over all tokens."
                );
                return "openrlhf.cli.train_sft";
            default:
                sheet.Refuse("objective", "Only policy, preference and imitation objectives can be exported.");
                return "openrlhf";
        }
    }

    private static void Loss(PolicyObjective objective, ExportSheet sheet)
    {
        var sequence = objective.Ratio is SequenceMeanRatio or SequenceTokenRatio;
        sheet.Set("--actor.policy_loss_type", sequence ? "gspo" : "ppo");
        if (objective.Ratio is NoRatio && ExportQuestions.IsOnPolicy(objective))
            sheet.Warn(
                "ratio",
                "OpenRLHF always computes a ratio. With one step per rollout it is 1 and the gradient is that of A·log π; logged losses differ."
            );
        else
            sheet.RefuseIf(
                objective.Ratio is not (TokenRatio { OnPolicy: false } or SequenceMeanRatio or SequenceTokenRatio),
                "ratio",
                $"OpenRLHF has ratios per token and GSPO's; it cannot compute \"{objective.Ratio.InWords}\"."
            );
        if (ExportQuestions.PpoClip(objective.Clip) is { } clip)
        {
            sheet.Set("--actor.eps_clip_low_high", new[] { clip.Low, clip.High });
            if (clip.Cap is { } cap)
                sheet.Set("--actor.dual_clip", cap);
            sheet.RefuseIf(sequence && clip.Cap is not null, "trust region", "OpenRLHF's gspo has no dual clip.");
            sheet.RefuseIf(
                objective.Clip is CappedClip capped && capped.Cap <= 1 + capped.High,
                "trust region",
                "OpenRLHF caps bad tokens only; a cap at or below 1 + high would also stop good ones."
            );
        }
        else
            sheet.Refuse("trust region", $"OpenRLHF clips as PPO does; it cannot compute \"{objective.Clip.InWords}\".");
        if (sequence)
            sheet.RefuseIf(
                objective.Aggregation is not SequenceMean,
                "aggregation",
                "OpenRLHF's gspo always takes the mean per response, then over responses."
            );
        else
            sheet.RefuseIf(
                objective.Aggregation is not TokenMean,
                "aggregation",
                "no argument reaches PolicyLoss(token_level_loss): OpenRLHF takes the mean over all tokens, with every estimator (dr_grpo included)."
            );
    }

    private static void Kl(PolicyObjective objective, ExportSheet sheet)
    {
        var (inLoss, inReward) = (objective.Kl as KlInLoss, objective.Kl as KlInReward);
        var (estimator, adaptive) = (inLoss?.Estimator ?? inReward?.Estimator, inLoss?.Adaptive ?? inReward?.Adaptive);
        sheet.Set(
            "--algo.kl.init_coef",
            inLoss?.Coefficient ?? inReward?.Coefficient ?? 0.0,
            estimator is null ? "0 loads no reference model; the default is 0.01 in the reward" : ""
        );
        if (inLoss is not null)
            sheet.Set("--algo.kl.use_loss", true);
        if (estimator is null)
            return;
        var name = estimator switch
        {
            K1Estimator => "k1",
            K2Estimator => "k2",
            K3Estimator => "k3",
            _ => null,
        };
        if (name is null || estimator.GradientOfK2)
            sheet.Refuse("KL", $"OpenRLHF estimates KL by k1, k2 or k3, not by {estimator.InWords}.");
        else
            sheet.Set("--algo.kl.estimator", name);
        sheet.WarnIf(estimator.ValueClamp != 10, "KL", "OpenRLHF holds the estimate within ±10.");
        if (adaptive is not null)
        {
            sheet.Set("--algo.kl.target", adaptive.Target);
            sheet.Set("--algo.kl.horizon", (int)adaptive.Horizon);
        }
        sheet.RefuseIf(inLoss is { TimesRatio: true }, "KL", "OpenRLHF does not multiply KL by the ratio.");
        sheet.RefuseIf(
            inLoss is not null && !ExportQuestions.Aggregates(inLoss.Aggregation, objective.Aggregation, a => a is TokenMean),
            "KL",
            "OpenRLHF always takes the mean KL over tokens; set KlInLoss.Aggregation = Aggregation.TokenMean."
        );
        sheet.RefuseIf(
            inReward is { AfterBaseline: false, Coefficient: > 0 } && objective.Advantage is OutcomeAdvantage,
            "KL",
            "OpenRLHF subtracts KL after the baseline, token by token; set KlInReward.AfterBaseline."
        );
    }

    private static void Extras(PolicyObjective objective, ExportSheet sheet)
    {
        if (objective.Entropy is { Coefficient: > 0 } bonus)
        {
            sheet.Set("--actor.entropy_coef", bonus.Coefficient);
            sheet.RefuseIf(
                !ExportQuestions.Aggregates(bonus.Aggregation, objective.Aggregation, a => a is TokenMean),
                "entropy",
                "OpenRLHF takes the mean entropy over tokens."
            );
        }
        if (objective.Value is { } loss)
        {
            sheet.Set(
                "--critic.value_clip",
                loss.ClipRange ?? ExportQuestions.Unbounded,
                loss.ClipRange is null ? "no clip" : ""
            );
            sheet.WarnIf(
                loss.Coefficient != 1,
                "critic",
                "OpenRLHF's critic has an optimiser of its own, so its loss has no coefficient; scale --critic.adam.lr instead."
            );
        }
        sheet.RefuseIf(
            objective.Filters != new Filters(),
            "filters",
            $"OpenRLHF cannot silence responses or tokens in the loss ({objective.Filters}); --reward.stop_properly_penalty_coef changes the rewards of truncated ones."
        );
        Sampling(objective.Sampling, sheet);
    }

    private static void Sampling(SamplingPlan plan, ExportSheet sheet)
    {
        sheet.Set("--rollout.n_samples_per_prompt", plan.GroupSize);
        sheet.Set("--train.max_epochs", plan.Passes);
        if (plan.Overlong is { } overlong)
        {
            sheet.Set("--reward.overlong_buffer_len", (int)Math.Round(overlong.Buffer));
            sheet.Set("--reward.overlong_penalty_factor", overlong.Factor);
            sheet.RefuseIf(!overlong.Floored, "sampling", "OpenRLHF's overlong penalty stops at −factor.");
        }
        if (plan.RefillSilentGroups)
        {
            sheet.Set("--algo.dynamic_filtering_enable", true);
            sheet.Set("--algo.dynamic_filtering_range", new[] { 0.0, 1.0 });
            sheet.Warn(
                "sampling",
                "dynamic filtering keeps groups whose mean reward lies inside the range; 0 1 fits rewards between 0 and 1."
            );
        }
        ExportQuestions.WarnOfSampling(
            plan,
            sheet,
            "",
            "",
            $"for {plan.MiniBatches} steps a pass set --train.batch_size to the number of responses of a rollout divided by {plan.MiniBatches}."
        );
    }

    private static void Correction(SamplerCorrection? correction, ExportSheet sheet)
    {
        if (correction is null)
            return;
        var (type, low, high) = correction switch
        {
            TruncatedCorrection c => ("tis", c.Low, c.High),
            MaskedCorrection c => ("icepop", c.Low, c.High),
            SequenceCorrection { PerToken: true } c => ("seq-mask-tis", c.Low, c.High),
            _ => ("", 0.0, 0.0),
        };
        if (type.Length == 0)
        {
            sheet.Refuse("correction", $"OpenRLHF has no correction \"{correction.InWords}\".");
            return;
        }
        sheet.Set("--algo.advantage.is_correction_enable", true);
        sheet.Set("--algo.advantage.is_correction_type", type);
        sheet.Set("--algo.advantage.is_correction_threshold", new[] { low, high });
    }

    private static void Preference(PreferenceObjective objective, ExportSheet sheet)
    {
        sheet.Set("--model.beta", objective.Loss.Beta);
        switch (objective.Loss)
        {
            case DpoLoss { Divergence: RewardDivergence.ReverseKl } loss:
                sheet.Set("--model.label_smoothing", loss.LabelSmoothing);
                break;
            case IpoLoss:
                sheet.Set("--model.ipo_enable", true);
                break;
            default:
                sheet.Refuse("loss", $"OpenRLHF has DPO and IPO; it cannot compute \"{objective.Loss.InWords}\".");
                break;
        }
        sheet.RefuseIf(objective.Loss.PerToken, "loss", "OpenRLHF sums log-ratios over tokens.");
        sheet.RefuseIf(objective.WithoutReference, "reference", "OpenRLHF measures from a reference model.");
        sheet.Warn("pairs", $"train_dpo takes the pairs from its data set; make it of {objective.Pairs.InWords}.");
    }
}
