using UniPo.Numerics;

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

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The advantage in symbols; without an override, a letter whose value only the code knows.</summary>
    /// <param name="reward">The rewards' letters.</param>
    public virtual Expression Formula(RewardSymbols reward) => new QuantityNode(Unwritten);

    /// <summary>The advantage of a response, A_i, with a line of its own.</summary>
    protected static Expression PerResponse(Expression body) => Expression.Define(new("A", "i"), body, "advantage of response i, shared by all of its tokens");

    /// <summary>The advantage of a token, A_it, with a line of its own.</summary>
    protected static Expression PerToken(Expression body) => Expression.Define(new("A", "it"), body, "advantage of token t of response i");

    /// <summary>The letter of an advantage that has no formula.</summary>
    internal static Quantity Unwritten { get; } = new(new("A", "it"), "advantage, as the code of the estimator computes it");

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;
}
