namespace UniPo;

/// <summary>The algorithm behind a log, as far as the names of its metrics show it.</summary>
internal static class MethodNames
{
    /// <summary>The method of a TRL log; null when its keys fit several or none.</summary>
    public static string? Trl(IReadOnlySet<string> keys)
    {
        bool Has(string key) => keys.Contains(key);
        if (Has("objective/rlhf_reward"))
            return "PPO";
        if (Has("odds_ratio_loss") || Has("log_odds_ratio") || Has("log_odds_chosen"))
            return "ORPO";
        if (Has("rewards/chosen") || Has("rewards/margins"))
            return Has("kl") ? "KTO" : "DPO";
        if (Has("logps/chosen"))
            return "SimPO or CPO";
        if (Has("margin") && Has("mean_reward"))
            return "reward model";
        if (Has("reward") && (Has("completions/mean_length") || Has("completion_length")))
            return "GRPO";
        if (Has("reward"))
            return "GRPO";
        return Has("mean_token_accuracy") || Has("loss") ? "SFT" : null;
    }

    /// <summary>True when a key is there that only GRPOTrainer writes; RLOOTrainer has no key of its own.</summary>
    public static bool IsSurelyGrpo(IReadOnlySet<string> keys) =>
        keys.Any(k =>
            k.StartsWith("sampling/", StringComparison.Ordinal)
            || k.StartsWith("tools/", StringComparison.Ordinal)
            || k is "cispo_clip_ratio" or "policy_loss" or "entropy_coef"
            || k.StartsWith("vespo/", StringComparison.Ordinal)
        );

    /// <summary>The method of a verl log: a critic means PPO; otherwise its settings decide.</summary>
    public static string? Verl(IReadOnlySet<string> keys, string? estimator) =>
        estimator switch
        {
            "grpo" => "GRPO",
            "gae" => "PPO",
            "rloo" => "RLOO",
            "remax" => "ReMax",
            "opo" => "OPO",
            "reinforce_plus_plus" => "REINFORCE++",
            { Length: > 0 } other => other,
            _ => keys.Contains("critic/vf_loss") ? "PPO" : null,
        };
}
