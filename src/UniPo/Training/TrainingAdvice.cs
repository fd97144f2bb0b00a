namespace UniPo;

/// <summary>What can be said of a run before its first step: parts that are set and cannot act, and likely slips.</summary>
/// <remarks>
/// None of it is wrong enough to refuse: somebody may want to see just that. A shipped algorithm with its own plan is not
/// commented on.
/// </remarks>
internal static class TrainingAdvice
{
    /// <summary>A sentence or two each; empty when there is nothing to say.</summary>
    /// <param name="trainer">The run, not yet begun.</param>
    /// <param name="trainedBefore">Steps that other trainers took on the same policy.</param>
    public static IEnumerable<string> Of(Trainer trainer, int trainedBefore)
    {
        if (trainedBefore > 0)
            yield return $"The policy was already trained for {trainedBefore} steps by another trainer, so this run does not start from the base model. Give each trainer a copy of its own: policy.Clone().";
        foreach (var advice in OfPlan(trainer))
            yield return advice;
        if (trainer.Objective is not PolicyObjective objective)
            yield break;
        var stepsPerRollout = trainer.Passes * trainer.MiniBatches;
        if (Inert(objective, stepsPerRollout) is { } inert && !IsShipped(trainer, objective))
            yield return inert;
        foreach (var advice in OfParts(objective, stepsPerRollout))
            yield return advice;
    }

    /// <summary>Why the clip of an objective cannot act; null when it can, or when there is none.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="stepsPerRollout">Optimiser steps on the same responses.</param>
    public static string? Inert(PolicyObjective objective, int stepsPerRollout) =>
        stepsPerRollout == 1 && HoldsAtOne(objective.Clip)
            ? $"The trust region ({objective.Clip}) cannot act: every rollout is used for one step, and in that step the policy is still the one that sampled, so every ratio is exactly 1. Passes = 2 or MiniBatches = 2 would give it something to do."
            : null;

    /// <summary>True for a bound that leaves a ratio of exactly 1 alone.</summary>
    private static bool HoldsAtOne(TrustRegion region) =>
        region switch
        {
            Clip or DualClip or CappedClip or GmpoClip or DppoMask => true,
            CispoClip cispo => cispo.Lowest <= 1 && cispo.Highest >= 1,
            _ => false,
        };

    private static bool IsShipped(Trainer trainer, PolicyObjective objective) =>
        Algorithms.All.FirstOrDefault(a => a.Name == objective.Name) is PolicyObjective shipped
        && shipped.Clip == objective.Clip
        && shipped.Ratio == objective.Ratio
        && (shipped.Sampling.Passes, shipped.Sampling.MiniBatches) == (trainer.Passes, trainer.MiniBatches);

    private static IEnumerable<string> OfPlan(Trainer trainer)
    {
        var options = trainer.Options;
        if (options.Prompts % trainer.MiniBatches != 0)
            yield return $"{options.Prompts} prompts cannot be divided into {trainer.MiniBatches} equal mini-batches (a group is never cut), so some steps learn from {options.Prompts / trainer.MiniBatches} prompts and others from {options.Prompts / trainer.MiniBatches + 1}. Choose a divisor of {options.Prompts}.";
        if (
            trainer.Objective.Step is GradientStep
            && options.LearningRate > 0
            && trainer.PlannedSteps >= 10
            && options.WarmupSteps > trainer.PlannedSteps
        )
            yield return $"The learning rate rises over {options.WarmupSteps} steps, but the run has only {trainer.PlannedSteps}, so it never reaches {Rate(options.LearningRate)}. Set WarmupSteps to a fraction of the run.";
        if (
            trainer.Group == 1
            && trainer.Objective is PolicyObjective { Advantage: GroupAdvantage } or ImitationObjective { Selection: BestOfEach }
        )
            yield return $"{trainer.Objective.Name} compares the responses to a prompt with each other, but every prompt gets one response only. Set Group to 2 or more.";
    }

    private static IEnumerable<string> OfParts(PolicyObjective objective, int stepsPerRollout)
    {
        if (objective.Ratio is NoRatio && stepsPerRollout > 1)
            yield return $"{objective.Name} has no ratio, so its gradient is right for fresh responses only; here each rollout is used for {stepsPerRollout} steps, and from the second on the policy is no longer the one that sampled. Set Passes = 1 and MiniBatches = 1, or Ratio = Ratio.Token.";
        if (objective.Kl is KlInLoss { Coefficient: 0, Adaptive: null } or KlInReward { Coefficient: 0, Adaptive: null })
            yield return "The KL to the reference has the coefficient 0, so it keeps the policy nowhere. Set a coefficient above 0, or Kl = Kl.None.";
        if (objective.Entropy is { Coefficient: 0 })
            yield return "The entropy bonus has the coefficient 0, so it changes nothing. Set a coefficient above 0, or Entropy = null.";
    }

    private static string Rate(double rate) => rate.ToString("0.###e-0", System.Globalization.CultureInfo.InvariantCulture);
}
