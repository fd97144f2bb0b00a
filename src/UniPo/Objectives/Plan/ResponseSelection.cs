using UniPo.Numerics;

namespace UniPo;

/// <summary>Which responses are imitated.</summary>
public abstract record ResponseSelection
{
    /// <summary>What it does, in one line of words.</summary>
    public abstract string InWords { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>All of them: supervised fine-tuning on what is given.</summary>
    public static EveryResponse Every { get; } = new();

    /// <summary>Those with at least this reward.</summary>
    /// <param name="reward">The least reward that counts.</param>
    public static RewardThreshold AtLeast(double reward) => new() { Least = reward };

    /// <summary>The best of each group.</summary>
    public static BestOfEach BestOfN { get; } = new();

    /// <summary>[B] true where the response is imitated.</summary>
    public abstract bool[] Of(RolloutBatch batch);

    /// <summary>What holds for an imitated response, in symbols; null where nothing is asked.</summary>
    internal virtual RelationNode? Condition => null;

    /// <summary>What the condition does not say, in a sentence.</summary>
    internal virtual string Exception => "The choice was made for the whole rollout, of which this batch may be a part.";
}

/// <summary>Every response.</summary>
public sealed record EveryResponse : ResponseSelection
{
    /// <inheritdoc/>
    public override string InWords => "every response";

    /// <inheritdoc/>
    public override bool[] Of(RolloutBatch batch) => [.. Enumerable.Repeat(true, batch.Layout.Responses)];
}

/// <summary>Responses whose reward reaches a threshold.</summary>
public sealed record RewardThreshold : ResponseSelection
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"responses whose reward is at least {Least}");

    /// <summary>The least reward that counts; finite. Default 1.</summary>
    public double Least
    {
        get;
        init => field = Require.That(value, double.IsFinite(value), "RewardThreshold.Least", "be finite");
    } = 1;

    /// <inheritdoc/>
    public override bool[] Of(RolloutBatch batch) => [.. batch.Responses.Select(r => r.Reward >= Least)];

    internal override RelationNode Condition =>
        (RelationNode)
            Expression.Relation(Quantities.Reward, "≥", Expression.Setting("R_min", Least, "least reward that is imitated"));
}

/// <summary>The best response of each group (best-of-n); of equals, the first.</summary>
public sealed record BestOfEach : ResponseSelection
{
    /// <inheritdoc/>
    public override string InWords => "the best response of each group";

    /// <summary>True to pass over groups whose rewards are all equal, which have no best. Default true.</summary>
    public bool SkipTies { get; init; } = true;

    /// <inheritdoc/>
    public override bool[] Of(RolloutBatch batch)
    {
        var chosen = new bool[batch.Layout.Responses];
        var rewards = batch.Rewards();
        for (var g = 0; g < batch.Layout.Groups; g++)
        {
            var (first, size) = (batch.Layout.GroupStarts[g], batch.Layout.GroupSize(g));
            if (size > 1 && SkipTies && SampleStatistics.AllEqual(rewards.AsSpan(first, size)))
                continue;
            chosen[Enumerable.Range(first, size).MaxBy(row => rewards[row])] = true;
        }
        return chosen;
    }

    internal override RelationNode Condition =>
        (RelationNode)Expression.Relation(Quantities.Reward, "=", Expression.Largest(Over.Group, Quantities.Reward));

    internal override string Exception =>
        SkipTies
            ? "Of several best responses the first is taken, and a group whose rewards are all equal has no best."
            : "Of several best responses the first is taken.";
}
