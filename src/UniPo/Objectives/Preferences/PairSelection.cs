namespace UniPo;

/// <summary>Which responses of a group are set against each other.</summary>
public abstract record PairSelection
{
    /// <summary>What it does, in one line of words.</summary>
    public abstract string InWords { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>The best against the worst of each group: one pair a prompt.</summary>
    public static BestAgainstWorst BestAgainstWorst { get; } = new();

    /// <summary>Every response against every one with a lower reward.</summary>
    public static EveryPair EveryPair { get; } = new();

    /// <summary>The pairs of a batch; groups whose rewards are all equal have none.</summary>
    /// <param name="batch">Scored responses; responses without active tokens are passed over.</param>
    public IReadOnlyList<ResponsePair> Of(RolloutBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var pairs = new List<ResponsePair>();
        for (var g = 0; g < batch.Layout.Groups; g++)
        {
            int[] rows =
            [
                .. Enumerable
                    .Range(batch.Layout.GroupStarts[g], batch.Layout.GroupSize(g))
                    .Where(row => batch.Layout.ActiveInRow[row] > 0),
            ];
            if (rows.Length > 1)
                AddPairs(batch, rows, pairs);
        }
        return pairs;
    }

    private protected abstract void AddPairs(RolloutBatch batch, int[] rows, List<ResponsePair> pairs);
}

/// <summary>The best against the worst of each group; of equals, the first is taken.</summary>
public sealed record BestAgainstWorst : PairSelection
{
    /// <inheritdoc/>
    public override string InWords => "the best against the worst of each group";

    private protected override void AddPairs(RolloutBatch batch, int[] rows, List<ResponsePair> pairs)
    {
        var (best, worst) = (rows.MaxBy(row => batch.Responses[row].Reward), rows.MinBy(row => batch.Responses[row].Reward));
        if (batch.Responses[best].Reward > batch.Responses[worst].Reward)
            pairs.Add(new ResponsePair(best, worst));
    }
}

/// <summary>Every response against every one of its group with a lower reward.</summary>
public sealed record EveryPair : PairSelection
{
    /// <inheritdoc/>
    public override string InWords => "every response against every one of its group with a lower reward";

    private protected override void AddPairs(RolloutBatch batch, int[] rows, List<ResponsePair> pairs)
    {
        foreach (var chosen in rows)
        foreach (var rejected in rows)
            if (batch.Responses[chosen].Reward > batch.Responses[rejected].Reward)
                pairs.Add(new ResponsePair(chosen, rejected));
    }
}
