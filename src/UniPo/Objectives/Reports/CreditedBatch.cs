namespace UniPo;

/// <summary>
/// A rollout whose advantages, masks and denominators are settled: they stay while the policy moves and the batch is cut up.
/// </summary>
/// <remarks>
/// Advantages compare a response with others of the rollout, so they must be computed before the rollout is cut; the same holds
/// for "divided by all tokens". That is why an objective credits a batch once and then evaluates pieces of it.
/// </remarks>
public sealed record CreditedBatch
{
    /// <summary>The responses, with the objective's masks applied to their layout.</summary>
    public required RolloutBatch Batch { get; init; }

    /// <summary>The denominators of aggregation.</summary>
    public required BatchTotals Totals { get; init; }

    /// <summary>[ΣT] advantage of every token; null where the objective has none.</summary>
    public TokenColumn? Advantages { get; init; }

    /// <summary>[ΣT] what the critic should have predicted; null without a critic.</summary>
    public TokenColumn? ValueTargets { get; init; }

    /// <summary>
    /// [ΣT] KL estimate that the reward of each token paid for, in nats; null where KL is not part of the reward.
    /// </summary>
    public TokenColumn? RewardKl { get; init; }

    /// <summary>Some of the groups as a batch of their own: one optimiser step on a part of the rollout.</summary>
    /// <param name="groups">Indices of groups, each in [0, P), in any order.</param>
    public CreditedBatch MiniBatch(IReadOnlyList<int> groups)
    {
        var old = Batch.Layout;
        int[] rows = [.. groups.SelectMany(g => Enumerable.Range(old.GroupStarts[g], old.GroupSize(g)))];
        var part = Part(Batch.OfGroups(groups), rows);
        return part with
        {
            Totals = BatchTotals.Of(part.Batch) with { MaxLength = Totals.MaxLength, EntropyThreshold = Totals.EntropyThreshold },
        };
    }

    /// <summary>
    /// Some of the responses, divided by the counts of the whole: the reports of all parts add up to that of the whole.
    /// </summary>
    /// <param name="rows">Ascending, distinct, in [0, B). An aggregation per prompt needs whole groups.</param>
    public CreditedBatch MicroBatch(IReadOnlyList<int> rows) => Part(Batch.Select(rows), rows);

    private CreditedBatch Part(RolloutBatch part, IReadOnlyList<int> rows) =>
        this with
        {
            Batch = part,
            Advantages = Advantages?.Select(rows, part.Layout),
            ValueTargets = ValueTargets?.Select(rows, part.Layout),
            RewardKl = RewardKl?.Select(rows, part.Layout),
        };

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(CreditedBatch), PrintMembers);
}
