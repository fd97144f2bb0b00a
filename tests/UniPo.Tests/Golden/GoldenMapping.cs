namespace UniPo.Tests.Golden;

/// <summary>Which mapping reads which file.</summary>
internal static class GoldenMapping
{
    public static void Check(GoldenCase c)
    {
        switch (c.File)
        {
            case "verl_kl_agg_value.json":
                VerlParts.Check(c);
                break;
            case "verl_ppo_total_loss.json":
                VerlLosses.Check(c);
                break;
            case var f when f.StartsWith("verl_loss_", StringComparison.Ordinal):
                VerlLosses.Check(c);
                break;
            case "verl_old_changed.json" when c.Has("loss_mode"):
                VerlLosses.Check(c);
                break;
            case "verl_advantages.json" or "verl_old_changed.json":
                VerlAdvantages.Check(c);
                break;
            case "trl_advantages.json":
                TrlAdvantages.Check(c);
                break;
            case "trl_mask_truncated.json":
                TrlMasks.Check(c);
                break;
            case "trl_ppo.json":
                TrlPpo.Check(c);
                break;
            case var f when f.StartsWith("trl_loss_", StringComparison.Ordinal):
                TrlLosses.Check(c);
                break;
            case "openrlhf_losses.json" or "openrlhf_advantages.json":
                OpenRlhf.Check(c);
                break;
            case "skyrl.json":
                SkyRl.Check(c);
                break;
            case "oat_drgrpo_gmpo.json":
                OatAndGmpo.Check(c);
                break;
            case "remax_trpo.json":
                ReMaxAndTrpo.Check(c);
                break;
            case "dpo.json":
                Preferences.Check(c);
                break;
            default:
                throw new NotCoveredException("no mapping");
        }
    }
}
