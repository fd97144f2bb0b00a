namespace UniPo;

/// <summary>Writes advantages for OpenRLHF: <c>--algo.advantage.estimator</c> and its settings.</summary>
internal static class OpenRlhfAdvantage
{
    public static void Write(PolicyObjective objective, ExportSheet sheet)
    {
        var advantage = objective.Advantage;
        var dense = advantage is Gae or RewardToGo;
        ExportQuestions.RefuseExtras(advantage, sheet, "OpenRLHF", rewardRange: dense, range: true, gamma: true);
        var name = Name(advantage, sheet);
        if (name is null)
            sheet.Refuse("advantage", $"OpenRLHF has no estimator for \"{advantage.InWords}\".");
        else
            sheet.Set("--algo.advantage.estimator", name);
        var whitens = name is "gae" or "reinforce" or "reinforce_baseline";
        sheet.RefuseIf(
            name is not null && whitens != advantage.Whiten is not null,
            "advantage",
            whitens
                ? $"OpenRLHF's {name} always shifts advantages to mean 0 over all tokens; set Whiten."
                : $"OpenRLHF's {name} does not whiten advantages."
        );
        if (advantage.Whiten is { DivideByStd: false })
            sheet.Set("--algo.advantage.no_std_norm", true);
        sheet.RefuseIf(
            advantage.Whiten is { ShiftMean: false },
            "advantage",
            "OpenRLHF's whitening always shifts the mean to 0."
        );
        Settings(advantage, sheet);
        Range(dense ? advantage.RewardRange : (advantage as OutcomeAdvantage)?.Range, dense, sheet);
    }

    private static string? Name(Advantage advantage, ExportSheet sheet)
    {
        switch (advantage)
        {
            case GroupMeanStd a:
                sheet.RefuseIf(a.Ddof != 1, "advantage", "OpenRLHF divides the variance by G − 1.");
                sheet.WarnIf(
                    a.Epsilon != 1e-9,
                    "advantage",
                    FormattableString.Invariant($"OpenRLHF adds 1e-9 to the spread; here it is {a.Epsilon:0.######e0}.")
                );
                return "group_norm";
            case GroupMean { Whiten: null }:
                return "dr_grpo";
            case GroupMean:
                return "reinforce_baseline";
            case LeaveOneOut:
                return "rloo";
            case RewardToGo a:
                sheet.RefuseIf(a.StopAtMasked, "advantage", "OpenRLHF carries rewards across masked tokens.");
                return "reinforce";
            case Gae a:
                sheet.RefuseIf(a.WhitenRewards is not null, "advantage", "OpenRLHF does not whiten rewards.");
                sheet.WarnIf(
                    a.MaskedTokens != MaskedTokens.Zero,
                    "advantage",
                    "OpenRLHF's GAE takes the value of masked tokens as 0."
                );
                return "gae";
            default:
                return null;
        }
    }

    private static void Settings(Advantage advantage, ExportSheet sheet)
    {
        var gamma = advantage switch
        {
            Gae a => a.Gamma,
            RewardToGo a => a.Gamma,
            OutcomeAdvantage a => a.Gamma,
            _ => 1,
        };
        sheet.Set("--algo.advantage.gamma", gamma);
        if (advantage is Gae gae)
            sheet.Set("--algo.advantage.lambd", gae.Lambda);
    }

    private static void Range(Interval? range, bool dense, ExportSheet sheet) =>
        sheet.Set(
            "--reward.clip_range",
            new[] { range?.Low ?? -ExportQuestions.Unbounded, range?.High ?? ExportQuestions.Unbounded },
            (range is null ? "no limit (the default is −10 10)" : "")
                + (
                    dense ? ""
                    : range is null ? "; it would bound advantages, not rewards"
                    : "bounds advantages, not rewards: it acts after the baseline"
                )
        );
}
