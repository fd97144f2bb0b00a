namespace UniPo;

/// <summary>Writes objectives for TRL: GRPO, RLOO, PPO, DPO and SFT trainers.</summary>
/// <remarks>
/// Settings and their meaning: trl/trainer/grpo_config.py, rloo_config.py, dpo_config.py, trl/experimental at f2cd5771 (July
/// 2026).
/// </remarks>
internal static class TrlExporter
{
    public static string Write(Objective objective, ExportSheet sheet)
    {
        ExportQuestions.RefuseStep(objective, sheet, "TRL");
        switch (objective)
        {
            case PolicyObjective { Advantage: Gae } policy:
                return TrlPpoExporter.Write(policy, sheet);
            case PolicyObjective { Advantage: LeaveOneOut } policy:
                return TrlRlooExporter.Write(policy, sheet);
            case PolicyObjective policy:
                return TrlGrpoExporter.Write(policy, sheet);
            case PreferenceObjective preference:
                return TrlDpoExporter.Write(preference, sheet);
            case ImitationObjective imitation:
                sheet.RefuseIf(
                    imitation.Selection is not EveryResponse,
                    "selection",
                    "TRL has no trainer that samples and selects; select responses yourself and train on them as SFT."
                );
                sheet.RefuseIf(
                    imitation.Aggregation is not TokenMean,
                    "aggregation",
                    "SFTTrainer takes the mean over all tokens."
                );
                sheet.Set("completion_only_loss", true, "prompts are not imitated");
                return "trl.SFTConfig";
            default:
                sheet.Refuse("objective", "Only policy, preference and imitation objectives can be exported.");
                return "trl";
        }
    }

    /// <summary>epsilon and epsilon_high.</summary>
    public static void Clip(double low, double high, ExportSheet sheet)
    {
        var off = low == ExportQuestions.Unbounded;
        sheet.Set("epsilon", low, off ? "no clip" : "");
        sheet.Set("epsilon_high", high == low && !off ? null : high, high == low && !off ? "the same as epsilon" : "");
    }

    /// <summary>Responses per prompt and passes over them.</summary>
    public static void Sampling(PolicyObjective objective, ExportSheet sheet, string passes)
    {
        var plan = objective.Sampling;
        sheet.Set("num_generations", plan.GroupSize, "responses per prompt");
        sheet.WarnIf(plan.GroupSize < 2, "sampling", "TRL asks for at least two responses per prompt when they are compared.");
        if (passes.Length > 0)
            sheet.Set(passes, plan.Passes, "passes over each response");
        ExportQuestions.WarnOfSampling(
            plan,
            sheet,
            "TRL does not sample other groups in place of silent ones; they stay in the batch and in its denominators (it logs frac_reward_zero_std).",
            "add get_soft_overlong_punishment (trl.rewards) to the reward functions for the penalty on long responses.",
            $"for {plan.MiniBatches} steps a pass set steps_per_generation = {plan.MiniBatches} × gradient_accumulation_steps; before pull request 6024, token means (dapo, cispo) then counted the tokens of the whole generation, and their gradient was {plan.MiniBatches} times smaller."
        );
    }

    /// <summary>What a missing ratio becomes in a trainer that always has one.</summary>
    public static void FreshOnly(PolicyObjective objective, ExportSheet sheet)
    {
        sheet.RefuseIf(
            objective.Ratio is TokenRatio { OnPolicy: true } && !ExportQuestions.IsOnPolicy(objective),
            "ratio",
            "TRL takes the current policy for the old one only when a rollout is used for a single step."
        );
        if (objective.Ratio is not NoRatio)
            return;
        if (ExportQuestions.IsOnPolicy(objective))
            sheet.Warn(
                "ratio",
                "TRL always computes a ratio. With num_iterations = 1 and steps_per_generation = gradient_accumulation_steps it is exactly 1, and the gradient is that of A·log π; logged losses differ."
            );
        else
            sheet.Refuse(
                "ratio",
                "TRL always computes a ratio; without one, responses may be used for a single step only (Passes = 1, MiniBatches = 1)."
            );
    }
}
