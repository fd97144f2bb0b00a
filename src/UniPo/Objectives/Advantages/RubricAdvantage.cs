using UniPo.Numerics;

namespace UniPo;

/// <summary>Over which responses a rubric item's confidence is averaged.</summary>
public enum ConfidencePool
{
    /// <summary>The responses to the same prompt.</summary>
    Group,

    /// <summary>All responses of the batch.</summary>
    Batch,

    /// <summary>None: every item counts by its importance alone.</summary>
    Ignored,
}

/// <summary>
/// GRAPE (our interpretation): rubric items weigh as much as their judges are sure, and responses are compared within the group.
/// </summary>
/// <remarks>
/// <code>c̄_j = mean confidence of item j        w_j = ω_j·c̄_j / Σ_l ω_l·c̄_l        R_i = Σ_j w_j·s_ij        A_i = compare(R)_i</code>
/// After Patel 2025, "Understanding reinforcement learning for model training, and future directions with GRAPE", as secondary
/// sources describe it; the paper's own formulas could not be consulted. With one item of confidence 1 it is exactly GRPO's
/// advantage. Confidence is averaged on purpose: were it taken per response, a response could raise its own weights. It lowers
/// noise, not bias: a judge who is sure and wrong counts fully. Scores are <see cref="Response.RewardParts"/>, ω is
/// <see cref="Advantage.Weights"/>.
/// </remarks>
public sealed record RubricAdvantage : OutcomeAdvantage
{
    /// <inheritdoc/>
    public override string InWords =>
        $"rubric items weighed by their judges' confidence ({Confidence.ToString().ToLowerInvariant()}), then: {Compare.InWords}";

    /// <summary>How responses with their rubric reward are compared. Default: group mean and std, as GRPO.</summary>
    public OutcomeAdvantage Compare { get; init; } = new GroupMeanStd();

    /// <summary>Over which responses confidence is averaged. Default: the group.</summary>
    public ConfidencePool Confidence { get; init; }

    /// <summary>
    /// [m] how much each item counts for the responses of a group; they add up to 1, or to 0 when no judge is sure of anything.
    /// </summary>
    /// <param name="batch">Responses with <see cref="Response.RewardParts"/>.</param>
    /// <param name="group">Index of the group, in [0, P).</param>
    public double[] ItemWeights(RolloutBatch batch, int group)
    {
        var layout = batch.Layout;
        var (from, to) =
            Confidence == ConfidencePool.Batch
                ? (0, layout.Responses)
                : (layout.GroupStarts[group], layout.GroupStarts[group + 1]);
        var weights = new double[Items(batch)];
        for (var row = from; row < to; row++)
        for (var j = 0; j < weights.Length; j++)
            weights[j] += (Weights?.Weight(j) ?? 1) * Sureness(batch.Responses[row], j, row);
        var total = weights.Sum();
        for (var j = 0; j < weights.Length; j++)
            weights[j] = total > 0 ? weights[j] / total : 0;
        return weights;
    }

    private static int Items(RolloutBatch batch)
    {
        var items = batch.Responses[0].RewardParts.Count;
        for (var row = 0; row < batch.Responses.Count; row++)
            if (batch.Responses[row].RewardParts.Count != items || items == 0)
                throw new ArgumentException(
                    $"A rubric needs the same items for every response: the first has {items}, but response {row} has {batch.Responses[row].RewardParts.Count} reward parts. Use a task with a rubric."
                );
        return items;
    }

    private double Sureness(Response response, int item, int row)
    {
        if (Confidence == ConfidencePool.Ignored || response.RewardConfidences.Count == 0)
            return 1;
        if (item >= response.RewardConfidences.Count || response.RewardConfidences[item] is not (>= 0 and <= 1))
            throw new ArgumentException(
                $"Every rubric item needs a confidence in [0, 1], but item {item} of response {row} has {(item < response.RewardConfidences.Count ? response.RewardConfidences[item] : "none")}."
            );
        return response.RewardConfidences[item];
    }

    /// <inheritdoc/>
    protected override Expression Body(Expression reward)
    {
        Expression score = Quantities.RewardPart,
            sure = Quantities.RewardConfidence;
        var mean = Confidence == ConfidencePool.Batch ? Expression.Mean(Over.Batch, sure) : Expression.Mean(Over.Group, sure);
        var weight = Confidence == ConfidencePool.Ignored ? Quantities.RewardWeight : Quantities.RewardWeight * mean;
        var weighed = Expression.Sum(Over.RewardParts, weight * score) / Expression.Sum(Over.RewardParts, weight);
        if (reward is not QuantityNode { Quantity: var plain } || plain != Quantities.Reward)
            weighed += reward - Quantities.Reward; // a KL penalty in the reward stays
        return Compare.BodyFor(
            Expression.Define(
                new("R", "i", "rubric"),
                weighed,
                "reward of response i: its rubric items, weighed by how sure their judges are"
            )
        );
    }

    internal override void Verify(RolloutBatch batch)
    {
        for (var g = 0; g < batch.Layout.Groups; g++)
            ItemWeights(batch, g);
    }
}
