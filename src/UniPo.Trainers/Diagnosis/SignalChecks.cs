using static UniPo.RunSeries;

namespace UniPo;

/// <summary>Checks of what groups can teach.</summary>
internal static class SignalChecks
{
    private static readonly CheckText _silent = new(
        "Do the groups teach anything?",
        "more than half of the groups silent in the last quarter; ill from 80 % on while the reward is low",
        "Yu et al. 2025, DAPO, section 3.2 (dynamic sampling); the shares are this page's choice",
        "In a silent group all responses got the same reward, so every advantage is 0: its samples are paid for and teach nothing.",
        "sample other groups in their place (dynamic sampling), take prompts of middle difficulty, larger groups, a higher temperature, a finer reward",
        "Lesson 06 (DAPO): dynamic sampling."
    );

    /// <summary>How many groups are silent?</summary>
    public static DiagnosisCheck SilentGroups(RunSeries run)
    {
        if (run.Find("silent_groups", "frac_reward_zero_std", "rollout/zero_std/*") is not { } silent)
            return _silent.Missing("the share of silent groups (silent_groups, frac_reward_zero_std)");
        if (!silent.IsLong)
            return _silent.Missing("the share of silent groups", silent);
        if (silent.Values.Any(v => v > 1))
            return _silent.Says(
                Verdict.NotMeasured,
                $"{silent.Name} is a count here, not a share (largest {Text(silent.Values.Max())}).",
                silent
            );
        var numbers = $"{silent.Name}: {Percent(silent.First)} in the first quarter, {Percent(silent.Last)} in the last.";
        if (silent.Last <= 0.5)
            return _silent.Says(Verdict.Fine, numbers, silent);
        if (Solved(run))
            return _silent.Says(
                Verdict.Fine,
                numbers + " The reward is near its top: these prompts are learned, harder ones would teach more.",
                silent
            );
        return _silent.Says(silent.Last >= 0.8 && !Gained(run) ? Verdict.Ill : Verdict.Look, numbers, silent);
    }

    private static readonly CheckText _spread = new(
        "Do rewards within a group differ?",
        "mean spread below 0.01, or below a twentieth of the first quarter's, while the reward is not near its top",
        "this page's choice; trainers add 1e-4 to 1e-9 to the spread before they divide by it",
        "A spread near 0 is divided by: advantages then come from rounding or from tiny differences of reward, blown up to size 1.",
        "drop silent groups, use mean without std (Dr. GRPO), or a reward that tells responses apart",
        "Lesson 07 (Dr. GRPO): what dividing by the spread does."
    );

    /// <summary>Is the spread of rewards near 0?</summary>
    public static DiagnosisCheck RewardSpread(RunSeries run)
    {
        if (run.Find("reward_std", "rollout/reward_std") is not { } spread)
            return _spread.Missing("the spread of the rewards (reward_std)");
        if (!spread.IsLong)
            return _spread.Missing("the spread of the rewards", spread);
        var numbers = $"{spread.Name}: {Text(spread.First)} in the first quarter, {Text(spread.Last)} in the last.";
        var small = spread.Last < 0.01 || spread.Last < spread.First / 20;
        return !small ? _spread.Says(Verdict.Fine, numbers, spread)
            : Solved(run)
                ? _spread.Says(
                    Verdict.Fine,
                    numbers + " The reward is near its top, so there is nothing left to tell apart.",
                    spread
                )
            : _spread.Says(Gained(run) ? Verdict.Look : Verdict.Ill, numbers, spread);
    }

    /// <summary>True when the reward ends near 1, or near the best it ever was after a large gain.</summary>
    public static bool Solved(RunSeries run) => run.Find("reward") is { } reward && reward.Last >= RewardChecks.NearTop;

    /// <summary>True when the reward of the last quarter is well above that of the first.</summary>
    public static bool Gained(RunSeries run) =>
        run.Find("reward") is { } reward && reward.Last - reward.First > Math.Max(0.02, 2 * reward.ErrorOfChange);
}
