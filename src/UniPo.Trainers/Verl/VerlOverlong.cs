namespace UniPo;

/// <summary>What verl does about responses near the length limit: the reward manager <c>dapo</c> and its penalty.</summary>
/// <remarks>
/// verl/experimental/reward_loop/reward_manager/dapo.py at 1dda039b. verl cannot mask truncated responses in the loss; the paper's
/// other rule, the soft penalty, is what its authors' own runs in verl use.
/// </remarks>
internal static class VerlOverlong
{
    // The paper's: 16,384 tokens expected, 4,096 more at a growing price.
    private const int PaperBuffer = 4096,
        PaperLimit = 20480;

    private const string Buffer = "reward.reward_kwargs.overlong_buffer_cfg.";

    public static void Write(PolicyObjective objective, ExportSheet sheet)
    {
        var (masks, penalty) = (objective.Filters.DropTruncated, objective.Sampling.Overlong);
        if (!masks && penalty is null)
            return;
        sheet.Set("reward.reward_manager.name", "dapo");
        sheet.Set(Buffer + "enable", true, "soft penalty on overlong responses");
        sheet.Set(
            Buffer + "len",
            penalty is null ? PaperBuffer : (int)Math.Round(penalty.Buffer),
            "tokens before the limit in which it grows"
        );
        sheet.Set(Buffer + "penalty_factor", penalty?.Factor ?? 1.0, "at the limit, in units of reward");
        sheet.Set(Buffer + "log", false);
        sheet.Set("reward.reward_kwargs.max_resp_len", PaperLimit, "set it to your data.max_response_length");
        sheet.Warn(
            "sampling",
            "max_resp_len is the paper's; it must be equal to data.max_response_length, or the penalty begins at the wrong length."
        );
        if (masks && penalty is null)
            sheet.Warn(
                "filters",
                "verl cannot mask truncated responses in the loss. In its place stands DAPO's soft overlong penalty, with the paper's 4,096 tokens: truncated responses are pushed down instead of left out."
            );
        else if (masks)
            sheet.Warn("filters", "verl cannot mask truncated responses in the loss; the soft overlong penalty acts alone.");
        sheet.WarnIf(
            penalty is { Floored: true },
            "sampling",
            "verl's penalty falls on beyond the limit, which no response passes when max_resp_len is right."
        );
    }
}
