namespace UniPo;

// The part of the export that finds the loss: which config class, which loss_type, and what that loss cannot do.
internal static partial class TrlGrpoExporter
{
    private static string Loss(PolicyObjective objective, ExportSheet sheet)
    {
        var program = objective.Clip is GmpoClip ? "trl.experimental.gmpo.GMPOConfig" : "trl.GRPOConfig";
        sheet.WarnIf(
            objective.Ratio is SequenceTokenRatio,
            "ratio",
            "this configuration belongs to GRPOTrainer of trl.experimental.gspo_token, which brings no configuration of its own: from trl.experimental.gspo_token import GRPOTrainer."
        );
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
            ExportQuestions.LeavesOutEmptyRows(objective.Aggregation),
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
                sheet.WarnIf(
                    objective.Kl is KlInLoss { Coefficient: > 0 },
                    "KL",
                    "with luspo, TRL before pull request 6654 averages KL over padding, too; take a newer version or beta = 0."
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
}
