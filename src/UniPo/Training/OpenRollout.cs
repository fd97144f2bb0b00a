namespace UniPo;

/// <summary>A share of a rollout for one optimiser step.</summary>
/// <param name="Pass">How often the responses were used before.</param>
/// <param name="Groups">Indices of groups; null for the whole rollout.</param>
internal sealed record MiniBatch(int Pass, int[]? Groups);

/// <summary>A rollout that is being learned from, part by part.</summary>
internal sealed class OpenRollout(Rollout rollout, CreditedBatch credited, IReadOnlyList<MiniBatch> parts)
{
    private CreditedBatch _credited = credited;
    private int _used;

    public Rollout Rollout { get; } = rollout;

    /// <summary>What the first step on these responses saw.</summary>
    public TokenReport? FirstReport { get; private set; }

    /// <summary>True until the first step on these responses was taken: they still are the policy's own.</summary>
    public bool IsFresh => _used == 0;

    /// <summary>True when every pass is over.</summary>
    public bool IsUsedUp => _used == parts.Count;

    /// <summary>What the next step learns from.</summary>
    public (int Pass, CreditedBatch Part) Next()
    {
        var part = parts[_used];
        return (part.Pass, part.Groups is { } groups ? _credited.MiniBatch(groups) : _credited);
    }

    /// <summary>Notes that a step was taken.</summary>
    public void Used(Update update)
    {
        FirstReport ??= update.Report;
        // The first pass computed the log-probabilities of the policy that sampled once more; later passes compare with these.
        if (IsFresh && parts[0].Groups is null)
            _credited = update.Batch;
        _used++;
    }
}
