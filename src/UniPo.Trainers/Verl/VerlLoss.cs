namespace UniPo;

/// <summary>Writes ratio and trust region for verl: <c>policy_loss.loss_mode</c> and its settings.</summary>
internal static class VerlLoss
{
    private const string Actor = "actor_rollout_ref.actor.";

    private const string Policy = Actor + "policy_loss.";

    public static void Write(PolicyObjective objective, ExportSheet sheet)
    {
        var mode =
            objective.Ratio is NoRatio
                ? Gpg(sheet)
                : objective.Clip switch
                {
                    GmpoClip clip => Gmpo(clip, objective, sheet),
                    _ when objective.Ratio is SequenceMeanRatio or SequenceTokenRatio => Gspo(objective, sheet),
                    _ => PerToken(objective, sheet),
                };
        if (mode is not null)
            sheet.Set(Policy + "loss_mode", mode);
        sheet.RefuseIf(
            mode is "gspo" or "sapo" or "geo_mean" && objective.Aggregation is not SequenceMean,
            "aggregation",
            $"verl's {mode} ignores loss_agg_mode and always takes the mean per response, then over responses."
        );
        sheet.RefuseIf(
            objective.Ratio is TokenRatio { OnPolicy: true },
            "ratio",
            "verl compares with the log-probabilities at the start of the update; use a single step per rollout and a plain token ratio."
        );
        sheet.WarnIf(objective.Ratio is TokenRatio { LogClamp: < 20 }, "ratio", "verl holds log-ratios within ±20 nats.");
    }

    private static string Gpg(ExportSheet sheet)
    {
        sheet.Warn("ratio", "loss_mode gpg is −A·log π without ratio; its metrics show no clipping and no KL to the old policy.");
        return "gpg";
    }

    private static string? Gspo(PolicyObjective objective, ExportSheet sheet)
    {
        if (objective.Clip is not (Clip or NoTrustRegion) || ExportQuestions.PpoClip(objective.Clip) is not { } clip)
        {
            sheet.Refuse(
                "trust region",
                $"with ratios per response verl clips as GSPO does; it cannot compute \"{objective.Clip.InWords}\"."
            );
            return null;
        }
        Bounds(clip.Low, clip.High, sheet);
        return "gspo";
    }

    private static string Gmpo(GmpoClip clip, PolicyObjective objective, ExportSheet sheet)
    {
        Bounds(clip.Low, clip.High, sheet);
        sheet.Warn(
            "trust region",
            "for geo_mean, clip_ratio_low and clip_ratio_high are log units and are not converted: the default 0.2 is another region than PPO's."
        );
        sheet.RefuseIf(
            objective.Ratio is not SequenceMeanRatio,
            "ratio",
            "verl's geo_mean takes the geometric mean of a response's ratios."
        );
        return "geo_mean";
    }

    private static string? PerToken(PolicyObjective objective, ExportSheet sheet)
    {
        sheet.RefuseIf(
            objective.Ratio is not TokenRatio,
            "ratio",
            $"verl cannot compute the ratio \"{objective.Ratio.InWords}\" here."
        );
        switch (objective.Clip)
        {
            case CispoClip c:
                Bounds(1 - c.Lowest, c.Highest - 1, sheet);
                sheet.Warn(
                    "trust region",
                    "for cispo, verl's bounds are distances from 1 (its default is [0.8, 1.2]), TRL's epsilon_high is the ratio itself."
                );
                return "cispo";
            case SapoGate c:
                sheet.Set(Actor + "tau_pos", c.TauPositive);
                sheet.Set(Actor + "tau_neg", c.TauNegative);
                return "sapo";
            case ClipCov c:
                Bounds(c.Low, c.High, sheet);
                sheet.Set(Policy + "clip_cov_ratio", c.Share);
                sheet.Set(Policy + "clip_cov_lb", c.LowerBound);
                sheet.Set(Policy + "clip_cov_ub", c.UpperBound);
                return "clip_cov";
            case KlCov c:
                sheet.Set(Policy + "kl_cov_ratio", c.Share, "a share, not a percentage as in the authors' k_percent");
                sheet.Set(Policy + "ppo_kl_coef", c.Coefficient, "the authors use 1, verl's file says 0.1");
                return "kl_cov";
            case DppoMask c:
                Bounds(c.Low, c.High, sheet);
                sheet.Set(
                    Actor + "clip_ratio_c",
                    double.IsInfinity(c.Cap) ? ExportQuestions.Unbounded : c.Cap,
                    "largest weight; must be set, for the documented fallback of 20 is never reached (the field holds 3.0)"
                );
                sheet.RefuseIf(
                    !c.Detached,
                    "trust region",
                    "verl's dppo takes the ratio as a constant weight; SkyRL lets the gradient through it."
                );
                return c.Divergence == TokenDivergence.TotalVariation ? "dppo_tv" : "dppo_kl";
            case DroPenalty c:
                sheet.Set(Policy + "dro_beta", c.Beta);
                return "dro";
            default:
                return Vanilla(objective.Clip, sheet);
        }
    }

    private static string? Vanilla(TrustRegion region, ExportSheet sheet)
    {
        if (ExportQuestions.PpoClip(region) is not { } clip)
        {
            sheet.Refuse("trust region", $"verl cannot compute \"{region.InWords}\".");
            return null;
        }
        Bounds(clip.Low, clip.High, sheet);
        sheet.Set(
            Actor + "clip_ratio_c",
            clip.Cap ?? ExportQuestions.Unbounded,
            clip.Cap is null
                ? "verl's dual clip is always on; this is out of reach"
                : "dual clip: for A < 0 no ratio counts more than this"
        );
        sheet.RefuseIf(clip.Cap <= 1, "trust region", "verl's clip_ratio_c must be above 1.");
        sheet.RefuseIf(
            region is CappedClip capped && capped.Cap <= 1 + capped.High,
            "trust region",
            "verl caps bad tokens only; a cap at or below 1 + high would also stop good ones."
        );
        return "vanilla";
    }

    private static void Bounds(double low, double high, ExportSheet sheet)
    {
        sheet.Set(
            Actor + "clip_ratio_low",
            low,
            low == ExportQuestions.Unbounded ? "no clip" : "clip_ratio alone does nothing: these two win"
        );
        sheet.Set(Actor + "clip_ratio_high", high);
    }
}
