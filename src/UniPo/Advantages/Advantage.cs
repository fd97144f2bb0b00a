namespace UniPo;

/// <summary>How good was this response (or token), compared with what was to be expected?</summary>
/// <remarks>One sealed record for each estimator. A positive advantage raises the token's probability, a negative one lowers it.</remarks>
public abstract record Advantage
{
    /// <summary>The advantage of every token.</summary>
    /// <param name="signal">Rewards of the responses, KL penalty included where it belongs to the reward.</param>
    /// <exception cref="ArgumentException">The batch lacks a column that this estimator needs, or a reward is not finite.</exception>
    public abstract AdvantageEstimate Estimate(RewardSignal signal);

    /// <summary>The advantage of every token from the batch's rewards alone.</summary>
    public TokenColumn Estimate(RolloutBatch batch) => Estimate(new RewardSignal(batch)).Advantages;
}
