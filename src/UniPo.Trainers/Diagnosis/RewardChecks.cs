using static UniPo.RunSeries;

namespace UniPo;

/// <summary>Checks of the reward and of what it should lead to.</summary>
internal static class RewardChecks
{
    /// <summary>A reward from which on there is little left to learn, where rewards lie between 0 and 1.</summary>
    public const double NearTop = 0.85;

    private static readonly CheckText _moves = new(
        "Does the reward move?",
        "last quarter within two standard errors of the first, and less than 0.02 away",
        "two standard errors: a rule of statistics; 0.02: this page's choice",
        "The policy is not learning from this reward: groups may be silent, the rate too small, the task too hard, or the reward may not depend on the answer.",
        "look at silent groups and at a few responses with their rewards; try easier prompts, larger groups, a higher rate",
        "Lesson 02 (REINFORCE): what makes a reward a signal."
    );

    /// <summary>Is the reward of the last quarter another than that of the first?</summary>
    public static DiagnosisCheck Moves(RunSeries run)
    {
        if (run.Find("reward", "rewards/margins", "eval_reward", "objective/scores") is not { } reward)
            return _moves.Missing("a reward");
        if (reward.Values.Length < 2 * Fewest)
            return _moves.Missing("a reward", reward);
        var change = reward.Last - reward.First;
        var numbers =
            $"{reward.Name}: {Text(reward.First)} in the first quarter, {Text(reward.Last)} in the last (change {Text(change)}, standard error {Text(reward.ErrorOfChange)}).";
        var still = Math.Abs(change) < Math.Max(2 * reward.ErrorOfChange, 1e-12) && Math.Abs(change) < 0.02;
        return !still ? _moves.Says(Verdict.Fine, numbers, reward)
            : reward.First >= NearTop
                ? _moves.Says(Verdict.Fine, numbers + " It was near 1 from the start, so there was little to gain.", reward)
            : _moves.Says(Verdict.Ill, numbers, reward);
    }

    private static readonly CheckText _collapse = new(
        "Does the reward stay where it was won?",
        "last quarter more than a third of the gain below the best tenth of the run",
        "this page's choice",
        "The policy lost what it had learned: usually too large a step, a trust region that does not hold, a collapse of entropy, or samples that are not the policy's own.",
        "go back to the checkpoint before the fall; lower the rate, lower the upper clip, add KL to the reference, correct for the sampler",
        "Lesson 04 (PPO): what a trust region is for."
    );

    /// <summary>Does the reward fall after its best?</summary>
    public static DiagnosisCheck Collapse(RunSeries run)
    {
        if (run.Find("reward", "objective/scores") is not { } reward)
            return _collapse.Missing("a reward");
        if (reward.Values.Length < 2 * Fewest)
            return _collapse.Missing("a reward", reward);
        var (best, at) = reward.Best;
        var (gain, loss) = (best - reward.First, best - reward.Last);
        var numbers = FormattableString.Invariant(
            $"{reward.Name}: {Text(reward.First)} at first, {Text(best)} at its best (step {at}), {Text(reward.Last)} at last."
        );
        var fell =
            gain > 4 * reward.ErrorOfChange && gain > 0.02 && loss > gain / 3 && loss > 2 * reward.ErrorOfChange
            || reward.First - reward.Last > Math.Max(0.05, 4 * reward.ErrorOfChange);
        return _collapse.Says(
            !fell ? Verdict.Fine
                : loss > 2 * gain / 3 ? Verdict.Ill
                : Verdict.Look,
            numbers,
            reward
        );
    }

    private static readonly CheckText _heldOut = new(
        "Does the reward carry over to prompts that are not trained on?",
        "reward up by 0.05 or more while the held-out measure falls by 0.05 or more from its best",
        "Gao et al. 2023, Scaling laws for reward model overoptimization: the proxy rises while the goal falls; 0.05 is this page's choice",
        "The policy learns the training prompts or the reward's gaps, not the task.",
        "read responses of the last steps; mend the reward, stop at the best held-out step, add KL to the reference",
        "Lesson 08 (side by side): what a comparison must hold out."
    );

    /// <summary>Does a held-out measure fall while the reward rises?</summary>
    public static DiagnosisCheck HeldOut(RunSeries run)
    {
        var held = run.Find("held_out_accuracy", "eval_reward", "val-core/*", "eval_rewards/*");
        if (run.Find("reward") is not { } reward || held is null)
            return _heldOut.Missing("a reward and a held-out measure (held_out_accuracy, eval_reward, val-core/…)");
        if (held.Values.Length < 4)
            return _heldOut.Missing("a held-out measure", held);
        var best = held.Values.Max();
        var tail = held.Values[^Math.Max(1, held.Values.Length / 4)..].Average();
        var numbers =
            $"reward: {Text(reward.First)} at first, {Text(reward.Last)} at last; {held.Name}: {Text(held.Values[0])} at first, {Text(best)} at its best, {Text(tail)} at last.";
        var apart = reward.Last - reward.First >= 0.05 && best - tail >= 0.05;
        return _heldOut.Says(
            !apart ? Verdict.Fine
                : tail < held.Values[0] ? Verdict.Ill
                : Verdict.Look,
            numbers,
            held
        );
    }

    private static readonly CheckText _chosen = new(
        "Do preferred responses become likelier, or are the others only pushed down?",
        "rewards/chosen below −0.1 at the end although margins grow",
        "Razin et al. 2024, Unintentional unalignment: likelihood displacement in DPO; −0.1 is this page's choice",
        "The margin grows because both fall, the rejected one faster: probability goes to responses that nobody wrote.",
        "a larger beta, an SFT term on the preferred response (rpo_alpha), or pairs that differ more",
        "docs/objectives.md (DPO)."
    );

    /// <summary>Does DPO push both responses of a pair down?</summary>
    public static DiagnosisCheck ChosenFalls(RunSeries run)
    {
        if (run.Find("rewards/chosen") is not { } chosen || run.Find("rewards/margins") is not { } margin)
            return _chosen.Missing("rewards/chosen and rewards/margins of a preference trainer");
        if (!chosen.IsLong)
            return _chosen.Missing("rewards/chosen", chosen);
        var numbers =
            $"rewards/chosen: {Text(chosen.First)} at first, {Text(chosen.Last)} at last; rewards/margins: {Text(margin.First)} and {Text(margin.Last)}.";
        return _chosen.Says(
            chosen.Last < -0.1 && chosen.Last < chosen.First - 0.05 && margin.Last > margin.First ? Verdict.Look : Verdict.Fine,
            numbers,
            chosen
        );
    }
}
