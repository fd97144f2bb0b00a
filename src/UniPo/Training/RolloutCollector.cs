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
    /// <summary>Silent rollouts in a row after which something must be said.</summary>
    private const int Patience = 100;

    /// <summary>Frozen when training starts; measures how far the policy has moved from there.</summary>
    private readonly ITrainablePolicy _reference = policy.Clone();

    private readonly Demonstrations _demonstrations = new(policy, task, options, responses);

    /// <summary>Rollouts in a row without any spread of reward; part of a run's state.</summary>
    public int SilentInARow { get; set; }

    public void Dispose() => _reference.Dispose();

    public Rollout Collect(Objective objective, int number)
    {
        var plan = objective.Sampling;
        var rollout =
            Demonstrations.Wanted(objective) ? new Rollout(_demonstrations.Draw(number), 0)
            : plan.RefillSilentGroups ? Refill(plan, number)
            : Sample(plan, number, attempt: 0);
        var batch = rollout.Batch;
        if (options.TrackKl || NeedsReference(objective))
            batch = batch with { ReferenceLogProbs = Reference(batch) };
        if (plan.NeedsCritic)
            batch = batch with { OldValues = Values(batch) };
        return rollout with { Batch = batch, Warning = rollout.Warning ?? Listen(objective, batch) };
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
    /// Dynamic sampling (DAPO): a group whose rewards are all equal teaches nothing, so others are sampled in its place until the
    /// rollout is full or the limit is reached.
    /// </summary>
    private Rollout Refill(SamplingPlan plan, int number)
    {
        var kept = new List<RolloutBatch>();
        var (generated, sampled, mixed, groups) = (0, 0, 0, 0);
        RolloutBatch? last = null;
        for (var attempt = 0; attempt < plan.MaxRefills && groups < options.Prompts; attempt++)
        {
            last = Sample(plan, number, attempt).Batch;
            generated += last.Layout.Tokens;
            sampled += last.Groups.Count;
            int[] lively = [.. Enumerable.Range(0, last.Groups.Count).Where(g => !IsSilent(last.Groups[g]))];
            mixed += lively.Length;
            int[] taken = [.. lively.Take(options.Prompts - groups)];
            if (taken.Length > 0)
                kept.Add(last.OfGroups(taken));
            groups += taken.Length;
        }
        var warning =
            groups == options.Prompts
                ? null
                : $"After {plan.MaxRefills} rollouts only {groups} of {options.Prompts} groups had different rewards: the prompts are too easy or too hard for the policy by now. "
                    + "Raise MaxRefills or Group, or use other prompts.";
        return new Rollout(kept.Count > 0 ? kept.Join() : last!, generated, (double)mixed / sampled, warning);
    }

    /// <summary>Training that stands still should say why.</summary>
    private string? Listen(Objective objective, RolloutBatch batch)
    {
        SilentInARow = batch.Groups.All(IsSilent) && responses > 1 ? SilentInARow + 1 : 0;
        if (SilentInARow != Patience || objective is ImitationObjective)
            return null;
        var reward = batch.Responses[0].Reward;
        return FormattableString.Invariant(
                $"For {Patience} rollouts all responses to a prompt have had the same reward (now {reward:0.###}): there is nothing to learn from their differences. "
            )
            + "Either everything is right already, or the policy never gets anything right, or it has collapsed to one response.";
    }

    private static bool IsSilent(ResponseGroup group) => group.Responses.All(r => r.Reward == group.Responses[0].Reward);

    private static bool NeedsReference(Objective objective) =>
        objective is PolicyObjective { Kl: not NoKl } or PreferenceObjective { WithoutReference: false };

    private TokenColumn Reference(RolloutBatch batch)
    {
        var logProbs = new double[batch.Layout.Tokens];
        foreach (var piece in Pieces.Of(batch.Sequences!, options.MicroBatch))
            _reference.Score(piece.Sequences, batch.Temperature, logProbs.AsSpan(piece.Start, piece.Length), entropies: []);
        return new TokenColumn(batch.Layout, logProbs);
    }

    private TokenColumn Values(RolloutBatch batch)
    {
        var values = new double[batch.Layout.Tokens];
        foreach (var piece in Pieces.Of(batch.Sequences!, options.MicroBatch))
            policy.Score(
                piece.Sequences,
                batch.Temperature,
                new double[piece.Length],
                values: values.AsSpan(piece.Start, piece.Length)
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
