using UniPo.Numerics;

namespace UniPo;

/// <summary>How good was this response (or token), compared with what was to be expected?</summary>
/// <remarks>
/// One sealed record for each estimator. A positive advantage raises the token's probability, a negative one lowers it.
/// </remarks>
public abstract record Advantage
{
    /// <summary>
    /// Brings the advantages of all tokens of the batch to mean 0 and spread 1; null to leave them as they are.
    /// </summary>
    public Whitening? Whiten { get; init; }

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The advantage in symbols; without an override, a letter whose value only the code knows.</summary>
    /// <param name="reward">The rewards' letters.</param>
    public virtual Expression Formula(RewardSymbols reward) => new QuantityNode(Unwritten);

    /// <summary>The advantage of a response, A_i, with a line of its own.</summary>
    protected static Expression PerResponse(Expression body) =>
        Expression.Define(new("A", "i"), body, "advantage of response i, shared by all of its tokens");

    /// <summary>The advantage of a token, A_it, with a line of its own.</summary>
    protected static Expression PerToken(Expression body) =>
        Expression.Define(new("A", "it"), body, "advantage of token t of response i");

    /// <summary>The advantage before whitening, where it needs a letter of its own.</summary>
    private protected static Expression Raw(Expression body) =>
        Expression.Define(new("A", "it", "raw"), body, "advantage of the token before whitening");

    /// <summary>The advantage of each token, whitened when that is asked for.</summary>
    private protected Expression Whitened(Expression body) =>
        PerToken(Whiten is { } whiten ? whiten.Formula(body is DefinitionNode ? body : Raw(body)) : body);

    /// <summary>What the critic should have said, in symbols; null without a critic.</summary>
    internal virtual Expression? TargetFormula(RewardSymbols reward) => null;

    /// <summary>The letter of an advantage that has no formula.</summary>
    internal static Quantity Unwritten { get; } = new(new("A", "it"), "advantage, as the code of the estimator computes it");

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>Rewards are held in this interval before anything is computed from them; null for no limit.</summary>
    public Interval? RewardRange { get; init; }

    /// <summary>How several rewards of a response become one; null to take <see cref="Response.Reward"/>.</summary>
    public RewardWeights? Weights { get; init; }

    /// <summary>The advantage of every token.</summary>
    /// <param name="batch">Scored responses.</param>
    /// <param name="penalty">Subtracted from the reward of each token (β·KL); null for none.</param>
    /// <exception cref="ArgumentException">The batch lacks a column that this estimator needs, or a reward is not
    /// finite.</exception>
    public AdvantageEstimate Estimate(RolloutBatch batch, TokenPenalty? penalty = null)
    {
        var signal = new RewardSignal(batch, Weights, RewardRange, penalty);
        if (Whiten is null && Shared(signal) is { } shares)
            return new AdvantageEstimate(TokenColumn.PerResponse(signal.Layout, shares), null);
        var (advantages, targets) = PerToken(signal);
        Whiten?.Apply(signal.Layout, advantages);
        Masked.Clear(signal.Layout, advantages);
        return new AdvantageEstimate(
            new TokenColumn(signal.Layout, advantages),
            targets is null ? null : new TokenColumn(signal.Layout, targets)
        );
    }

    /// <summary>The estimator for the next rollout: itself, unless it learns from rollout to rollout (a running mean).</summary>
    /// <param name="batch">The rollout that was just used.</param>
    public virtual Advantage After(RolloutBatch batch) => this;

    /// <summary>[B] the advantages, where all tokens of a response share one; null where they may differ.</summary>
    /// <param name="signal">The rewards.</param>
    private protected virtual double[]? Shared(RewardSignal signal) => null;

    /// <summary>Advantages before whitening, and what the critic should have predicted.</summary>
    /// <param name="signal">The rewards.</param>
    /// <returns>[ΣT] advantages, and [ΣT] value targets or null.</returns>
    private protected abstract (double[] Advantages, double[]? Targets) PerToken(RewardSignal signal);
}
