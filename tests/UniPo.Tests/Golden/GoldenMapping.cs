namespace UniPo.Tests.Golden;

/// <summary>Which mapping reads which file.</summary>
internal static class GoldenMapping
{
    public static void Check(GoldenCase c)
    {
        switch (c.File)
        {
            case "verl_kl_agg_value.json": VerlParts.Check(c); break;
            case "verl_ppo_total_loss.json": VerlLosses.Check(c); break;
            case var f when f.StartsWith("verl_loss_", StringComparison.Ordinal): VerlLosses.Check(c); break;
            case "verl_old_changed.json" when c.Has("loss_mode"): VerlLosses.Check(c); break;
            default: throw new NotCoveredException("no mapping");
        }
    }
}
