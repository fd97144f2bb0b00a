using System.Text.Json;
using UniPo.Tests.Golden;

namespace UniPo.Tests.Export;

/// <summary>
/// Reads exported settings with the mappings that the golden vectors have proven, and so gets an objective again.
/// </summary>
internal static class ReadBack
{
    public static GoldenCase Case(IEnumerable<KeyValuePair<string, object?>> values) =>
        GoldenCase.None with
        {
            Json = JsonSerializer.SerializeToElement(values.ToDictionary(v => v.Key, v => v.Value)),
        };

    private static IEnumerable<KeyValuePair<string, object?>> Pairs(TrainerExport export) =>
        export.Settings.Select(s => KeyValuePair.Create(s.Key, s.Value));

    public static PolicyObjective Trl(TrainerExport export)
    {
        var config = Case(
            Pairs(export)
                .Append(
                    KeyValuePair.Create<string, object?>(
                        "vllm_is",
                        export.Settings.Any(s => s is { Key: "vllm_importance_sampling_correction", Value: true })
                    )
                )
        );
        var trainer = export.Program switch
        {
            "trl.RLOOConfig" => "rloo",
            "trl.experimental.gmpo.GMPOConfig" => "gmpo",
            _ => "grpo",
        };
        var objective = TrlLosses.Objective(Case([KeyValuePair.Create<string, object?>("trainer", trainer)]), config);
        if (trainer != "rloo")
            return objective with { Advantage = TrlAdvantages.Grpo(config) };
        return objective with
        {
            Advantage = TrlAdvantages.Rloo(config),
            Kl = config.Or("beta", 0) > 0 ? Kl.InReward(config.Number("beta")) : Kl.None,
        };
    }

    public static PolicyObjective Verl(TrainerExport export, GoldenCase? draw = null)
    {
        const string actor = "actor_rollout_ref.actor.",
            policy = actor + "policy_loss.";
        Dictionary<string, object?> config = [],
            special = [],
            outer = [];
        foreach (var (key, value) in Pairs(export))
        {
            if (key.StartsWith(policy, StringComparison.Ordinal))
                special[key[policy.Length..]] = value;
            else if (key.StartsWith(actor, StringComparison.Ordinal))
                config[key[actor.Length..]] = value;
        }
        outer["loss_mode"] = special.GetValueOrDefault("loss_mode");
        outer["loss_agg_mode"] = config["loss_agg_mode"];
        if (draw is not null && draw.Has("randperm"))
            outer["randperm"] = draw.Json.GetProperty("randperm");
        var inner = new Dictionary<string, object?>(
            config.Where(c => c.Key is "clip_ratio_low" or "clip_ratio_high" or "clip_ratio_c" or "tau_pos" or "tau_neg")
        );
        inner["policy_loss"] = special;
        // Which rows a mean counts is no setting of verl: its function counts non-empty ones unless the trainer tells it the size
        // of the batch.
        var size =
            draw?.Inside("config") is { } given && given.Json.ValueKind == JsonValueKind.Object
                ? given.Inside("global_batch_info").OrNull("global_batch_size")
                : null;
        inner["global_batch_info"] = new Dictionary<string, object?>
        {
            ["loss_scale_factor"] = config.GetValueOrDefault("loss_scale_factor"),
            ["global_batch_size"] = size,
        };
        outer["config"] = inner;
        return VerlLosses.Objective(Case(outer));
    }

    public static Advantage VerlAdvantage(TrainerExport export)
    {
        var config = Pairs(export)
            .Where(p => p.Key is "algorithm.gamma" or "algorithm.lam" or "algorithm.norm_adv_by_std_in_grpo")
            .ToDictionary(p => p.Key["algorithm.".Length..], p => p.Value);
        return VerlAdvantages.Estimator(
            Case([
                KeyValuePair.Create("estimator", export["algorithm.adv_estimator"]),
                KeyValuePair.Create<string, object?>("source", "verl"),
                KeyValuePair.Create<string, object?>("config", config),
            ])
        );
    }

    public static PolicyObjective OpenRlhf(TrainerExport export)
    {
        var clip = (double[])export["--actor.eps_clip_low_high"]!;
        Dictionary<string, object?> config = new()
        {
            ["policy_loss_type"] = export["--actor.policy_loss_type"],
            ["clip_eps_low"] = clip[0],
            ["clip_eps_high"] = clip[1],
            ["dual_clip"] = Or(export, "--actor.dual_clip"),
            ["enable_vllm_is_correction"] = Or(export, "--algo.advantage.is_correction_enable") ?? false,
            ["vllm_is_correction_type"] = Or(export, "--algo.advantage.is_correction_type"),
            ["vllm_is_truncated_threshold"] = Or(export, "--algo.advantage.is_correction_threshold"),
        };
        return Golden.OpenRlhf.Objective(Case(config));
    }

    public static Advantage OpenRlhfAdvantage(TrainerExport export)
    {
        var config = Case(
            new Dictionary<string, object?>
            {
                ["gamma"] = export["--algo.advantage.gamma"],
                ["lambd"] = Or(export, "--algo.advantage.lambd"),
                ["no_std_norm"] = Or(export, "--algo.advantage.no_std_norm") ?? false,
                ["reward_clip_range"] = export["--reward.clip_range"],
            }
        );
        return Golden.OpenRlhf.Estimator(Case([KeyValuePair.Create("estimator", export["--algo.advantage.estimator"])]), config);
    }

    private static object? Or(TrainerExport export, string key) => export.Settings.FirstOrDefault(s => s.Key == key)?.Value;
}
