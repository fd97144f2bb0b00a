namespace UniPo;

/// <summary>Writes preference objectives for TRL's DPOTrainer.</summary>
internal static class TrlDpoExporter
{
    public static string Write(PreferenceObjective objective, ExportSheet sheet)
    {
        sheet.Set("beta", objective.Loss.Beta);
        switch (objective.Loss)
        {
            case DpoLoss loss:
                sheet.Set("loss_type", loss.PerToken ? "sigmoid_norm" : "sigmoid");
                sheet.Set("label_smoothing", loss.LabelSmoothing);
                sheet.Set(
                    "f_divergence_type",
                    loss.Divergence switch
                    {
                        RewardDivergence.ForwardKl => "forward_kl",
                        RewardDivergence.JensenShannon => "js_divergence",
                        _ => "reverse_kl",
                    }
                );
                break;
            case HingeLoss:
                sheet.Set("loss_type", "hinge");
                break;
            case IpoLoss:
                sheet.Set("loss_type", "ipo");
                break;
            case ExoLoss loss:
                sheet.Set("loss_type", "exo_pair");
                sheet.Set("label_smoothing", loss.LabelSmoothing);
                break;
            case NcaLoss:
                sheet.Set("loss_type", "nca_pair");
                break;
            case RobustDpoLoss loss:
                sheet.Set("loss_type", "robust");
                sheet.Set("label_smoothing", loss.FlippedLabels);
                break;
            case SppoLoss:
                sheet.Set("loss_type", "sppo_hard");
                break;
            case ApoLoss loss:
                sheet.Set("loss_type", loss.Down ? "apo_down" : "apo_zero");
                break;
            case DiscoPopLoss loss:
                sheet.Set("loss_type", "discopop");
                sheet.Set("discopop_tau", loss.Tau);
                break;
            default:
                sheet.Refuse("loss", $"DPOTrainer cannot compute \"{objective.Loss.InWords}\".");
                break;
        }
        sheet.RefuseIf(
            objective.Loss is IpoLoss { PerToken: false },
            "loss",
            "TRL's ipo divides each response's log-ratio by its length, which is another objective than the paper's sums; set IpoLoss.PerToken for it, or export to OpenRLHF."
        );
        sheet.RefuseIf(
            objective.Loss.PerToken && objective.Loss is not (IpoLoss or DpoLoss),
            "loss",
            "DPOTrainer divides log-ratios by length for ipo and sigmoid_norm only."
        );
        sheet.RefuseIf(objective.WithoutReference, "reference", "DPOTrainer measures from a reference model.");
        sheet.Warn("pairs", $"DPOTrainer takes the pairs from its data set; make it of {objective.Pairs.InWords}.");
        return "trl.DPOConfig";
    }
}
