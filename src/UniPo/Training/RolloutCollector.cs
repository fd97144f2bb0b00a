namespace UniPo;

/// <summary>The responses of one rollout, and what it took to get them.</summary>
/// <param name="Batch">Scored responses with the columns that the objective needs.</param>
/// <param name="GeneratedTokens">Tokens sampled, those of discarded groups included.</param>
/// <param name="PassRate">Share of sampled groups that were kept, in [0, 1]; null where none is ever discarded.</param>
/// <param name="Warning">What was not as it should be; null when all is well.</param>
internal sealed record Rollout(RolloutBatch Batch, int GeneratedTokens, double? PassRate = null, string? Warning = null);

/// <summary>
/// Gets the responses of one rollout: samples them, again where the plan says so, and adds whatever columns the objective needs.
/// </summary>
internal sealed class RolloutCollector(ITrainablePolicy policy, ITask task, TrainerOptions options, int responses) : IDisposable
{
    /// <summary>Frozen when training starts; measures how far the policy has moved from there.</summary>
    private readonly ITrainablePolicy _reference = policy.Clone();

    private readonly Demonstrations _demonstrations = new(policy, task, options, responses);

    public void Dispose() => _reference.Dispose();

    public Rollout Collect(Objective objective, int number)
    {
        var plan = objective.Sampling;
        var rollout =
            Demonstrations.Wanted(objective) ? new Rollout(_demonstrations.Draw(number), 0)
            : plan.RefillSilentGroups ? Refill(objective, number)
            : Sample(plan, number, attempt: 0);
        var batch = rollout.Batch;
        if (options.TrackKl || NeedsReference(objective))
            batch = batch with { ReferenceLogProbs = Reference(batch) };
        if (plan.NeedsCritic)
            batch = batch with { OldValues = Values(batch) };
        return rollout with { Batch = batch };
    }

    private Rollout Sample(SamplingPlan plan, int number, int attempt)
    {
        var sampler = new Sampler
        {
            Prompts = options.Prompts,
            Group = responses,
            Temperature = options.Temperature,
            GreedyBaseline = plan.GreedyRollout,
        };
        var batch = sampler.Draw(policy, task, options.Seed, (ulong)number + ((ulong)attempt << 32));
        if (plan.Overlong is { } overlong)
            batch = Penalize(batch, overlong);
        return new Rollout(batch, batch.Layout.Tokens);
    }

    /// <summary>
    /// Dynamic sampling (DAPO): a group without any advantage teaches nothing, so others are sampled in its place until the
    /// rollout is full or the limit is reached.
    /// </summary>
    private Rollout Refill(Objective objective, int number)
    {
        var plan = objective.Sampling;
        var kept = new List<RolloutBatch>();
        var (generated, sampled, mixed, groups) = (0, 0, 0, 0);
        RolloutBatch? last = null;
        for (var attempt = 0; attempt < plan.MaxRefills && groups < options.Prompts; attempt++)
        {
            last = Sample(plan, number, attempt).Batch;
            generated += last.Layout.Tokens;
            sampled += last.Groups.Count;
            var silent = objective.SilentGroups(last);
            int[] mixedGroups = [.. Enumerable.Range(0, last.Groups.Count).Where(g => !silent[g])];
            mixed += mixedGroups.Length;
            int[] taken = [.. mixedGroups.Take(options.Prompts - groups)];
            if (taken.Length > 0)
                kept.Add(last.OfGroups(taken));
            groups += taken.Length;
        }
        var warning =
            groups == options.Prompts
                ? null
                : $"After {plan.MaxRefills} rollouts only {groups} of {options.Prompts} groups had responses to compare: the prompts are too easy or too hard for the policy by now. "
                    + "Raise MaxRefills or Group, or use other prompts.";
        return new Rollout(kept.Count > 0 ? kept.Join() : last!, generated, (double)mixed / sampled, warning);
    }

    private static bool NeedsReference(Objective objective) =>
        objective is PolicyObjective { Kl: not NoKl } or PreferenceObjective { WithoutReference: false };

    private TokenColumn Reference(RolloutBatch batch)
    {
        var logProbs = new double[batch.Layout.Tokens];
        foreach (var microBatch in MicroBatches.Of(batch.Sequences!, options.MicroBatch))
            _reference.Score(
                microBatch.Sequences,
                batch.Temperature,
                logProbs.AsSpan(microBatch.Start, microBatch.Length),
                entropies: []
            );
        return new TokenColumn(batch.Layout, logProbs);
    }

    private TokenColumn Values(RolloutBatch batch)
    {
        var values = new double[batch.Layout.Tokens];
        foreach (var microBatch in MicroBatches.Of(batch.Sequences!, options.MicroBatch))
            policy.Score(
                microBatch.Sequences,
                batch.Temperature,
                new double[microBatch.Length],
                values: values.AsSpan(microBatch.Start, microBatch.Length)
            );
        return new TokenColumn(batch.Layout, values);
    }

    private RolloutBatch Penalize(RolloutBatch batch, OverlongPenalty overlong) =>
        batch with
        {
            Groups =
            [
                .. batch.Groups.Select(g =>
                    g with
                    {
                        Responses =
                        [
                            .. g.Responses.Select(r => r with { Reward = r.Reward + overlong.At(r.Length, task.MaxTokens) }),
                        ],
                    }
                ),
            ],
        };
}
