namespace UniPo;

/// <summary>Writes advantages for verl: <c>algorithm.adv_estimator</c> and its settings.</summary>
internal static class VerlAdvantage
{
    public static void Write(PolicyObjective objective, ExportSheet sheet)
    {
        var advantage = objective.Advantage;
        ExportQuestions.RefuseExtras(advantage, sheet, "verl", weights: advantage is NormalizedRewardSum);
        var name = Name(advantage, sheet);
        if (name is null)
            sheet.Refuse("advantage", $"verl has no estimator for \"{advantage.InWords}\".");
        else
            sheet.Set("algorithm.adv_estimator", name);
        var whitens = name is "reinforce_plus_plus" or "reinforce_plus_plus_baseline" or "gae" or "gdpo";
        sheet.RefuseIf(
            name is not null && whitens != advantage.Whiten is not null,
            "advantage",
            whitens
                ? $"verl's {name} always whitens advantages over all tokens; set Whiten = new()."
                : $"verl's {name} does not whiten advantages."
        );
        sheet.RefuseIf(
            advantage.Whiten is { ShiftMean: false } or { DivideByStd: false },
            "advantage",
            "verl's whitening shifts the mean to 0 and divides by the spread."
        );
        sheet.RefuseIf(
            advantage is GroupAdvantage { Lone: LoneResponse.Zero } and not LeaveOneOut && objective.Sampling.GroupSize == 1,
            "advantage",
            "verl gives a lone response its reward as advantage."
        );
        Settings(advantage, sheet);
    }

    private static string? Name(Advantage advantage, ExportSheet sheet)
    {
        switch (advantage)
        {
            case GroupMeanStd a:
                sheet.RefuseIf(a.Ddof != 1, "advantage", "verl divides the variance by G − 1.");
                sheet.WarnIf(
                    a.Epsilon != 1e-6,
                    "advantage",
                    FormattableString.Invariant($"verl adds 1e-6 to the spread; here it is {a.Epsilon:0.######e0}.")
                );
                return "grpo";
            case GroupMean { Whiten: null }:
                return "grpo";
            case GroupMean:
                return "reinforce_plus_plus_baseline";
            case LeaveOneOut:
                return "rloo";
            case RewardToGo a:
                sheet.RefuseIf(a.StopAtMasked, "advantage", "verl carries rewards across masked tokens (since 2026).");
                return "reinforce_plus_plus";
            case GreedyBaseline a:
                sheet.RefuseIf(
                    a.Range is not null || !a.PenaltyToGo || a.PaidAfterEnd || a.Gamma < 1,
                    "advantage",
                    "verl's remax has none of the settings of the authors' code."
                );
                return "remax";
            case LengthWeightedMean:
                return "opo";
            case Gpg:
                return "gpg";
            case BestOfGroup:
                return "grpo_passk";
            case NormalizedRewardSum:
                return "gdpo";
            case Gae a:
                sheet.RefuseIf(a.WhitenRewards is not null, "advantage", "verl does not whiten rewards.");
                sheet.WarnIf(a.MaskedTokens != MaskedTokens.Skip, "advantage", "verl's GAE passes over masked tokens.");
                return "gae";
            default:
                return null;
        }
    }

    // The objective knows how many rewards there are, not what they are called.
    private static void Gdpo(NormalizedRewardSum advantage, ExportSheet sheet)
    {
        double[] weights = [.. advantage.Weights?.Weights ?? []];
        sheet.Set("reward.reward_manager.name", "gdpo");
        sheet.Set(
            "algorithm.gdpo_reward_keys",
            Enumerable.Range(1, Math.Max(2, weights.Length)).Select(k => $"reward_{k}").ToArray(),
            "names of the numbers that your reward function returns"
        );
        if (weights.Length > 0)
            sheet.Set("algorithm.gdpo_reward_weights", weights);
        sheet.Warn(
            "advantage",
            "gdpo_reward_keys holds names to be replaced: verl looks for them in what the reward function returns."
        );
    }

    private static void Settings(Advantage advantage, ExportSheet sheet)
    {
        switch (advantage)
        {
            case GroupMeanStd:
                sheet.Set("algorithm.norm_adv_by_std_in_grpo", true);
                break;
            case GroupMean { Whiten: null }:
                sheet.Set("algorithm.norm_adv_by_std_in_grpo", false, "Dr. GRPO: no division by the spread");
                break;
            case BestOfGroup a:
                sheet.Set("algorithm.norm_adv_by_std_in_grpo", a.DivideByStd);
                break;
            case RewardToGo a:
                sheet.Set("algorithm.gamma", a.Gamma);
                break;
            case GreedyBaseline:
                sheet.Set("trainer.use_v1", false, "the default trainer computes no reward_baselines, which remax needs");
                break;
            case NormalizedRewardSum a:
                Gdpo(a, sheet);
                break;
            case Gae a:
                sheet.Set("algorithm.gamma", a.Gamma);
                sheet.Set("algorithm.lam", a.Lambda);
                break;
            case Gpg:
                sheet.Warn("advantage", "verl counts non-zero rewards for α, so it is 1 when rewards are −1 and 1.");
                break;
        }
    }
}
