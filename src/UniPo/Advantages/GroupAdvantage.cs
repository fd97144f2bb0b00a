namespace UniPo;

/// <summary>An estimator that compares the responses to one prompt with each other.</summary>
public abstract record GroupAdvantage : OutcomeAdvantage
{
    /// <summary>What a prompt with a single response gets. Default: 0.</summary>
    public LoneResponse Lone { get; init; }

    /// <summary>Computes A_i for one group of at least two responses whose rewards are not all equal.</summary>
    /// <param name="rewards">[G] rewards; NaN for an unscorable response.</param>
    /// <param name="group">What else is known of the group.</param>
    /// <param name="advantages">[G] receives the advantages.</param>
    private protected abstract void Compare(ReadOnlySpan<double> rewards, GroupOfBatch group, Span<double> advantages);

    /// <summary>The advantage of a response that is judged alone, with mean 0 and spread 1.</summary>
    private protected virtual double Alone(double reward) => reward;

    private protected sealed override void PerResponse(RewardSignal signal, Span<double> advantages)
    {
        for (var g = 0; g < signal.Layout.Groups; g++)
        {
            int first = signal.Layout.GroupStarts[g],
                size = signal.Layout.GroupSize(g);
            var rewards = signal.Outcome.AsSpan(first, size);
            var target = advantages.Slice(first, size);
            // Equal rewards give exactly 0: rounding in the mean must not turn a silent group into a whispering one.
            if (size == 1)
                target[0] = Lone == LoneResponse.Reward ? Alone(rewards[0]) : 0;
            else if (GroupStatistics.AllEqual(rewards))
                target.Clear();
            else
                Compare(rewards, new GroupOfBatch(signal, first, size), target);
        }
    }
}

/// <summary>One group among the others of its batch.</summary>
/// <param name="Signal">The rewards of the whole batch.</param>
/// <param name="First">Its first response.</param>
/// <param name="Size">Number of its responses, G.</param>
internal readonly record struct GroupOfBatch(RewardSignal Signal, int First, int Size);
