using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// A_it = Σ_{s ≥ t} r_is − R(greedy response): better or worse than what the policy would have said without dice.
/// </summary>
/// <remarks>
/// Li et al. 2023, "ReMax"; verl <c>remax</c>. The authors' code also holds the difference in ±5 (<see cref="Range"/>) and
/// charges each token only with its own KL penalty (<see cref="PenaltyToGo"/>).
/// </remarks>
public sealed record GreedyBaseline : Advantage
{
    /// <inheritdoc/>
    public override string InWords => "reward to go minus the reward of the greedy response";

    /// <summary>γ, in [0, 1]. Default 1.</summary>
    public double Gamma
    {
        get;
        init => field = Require.UnitInterval(value, "GreedyBaseline.Gamma");
    } = 1;

    /// <summary>The difference R_i − R(greedy) is held in this interval; null for no limit. Needs rewards per response.</summary>
    public Interval? Range { get; init; }

    /// <summary>True when a token pays for the KL penalties that follow, too; false for its own only. Default true.</summary>
    public bool PenaltyToGo { get; init; } = true;

    /// <summary>
    /// True when the reward is paid one step after the last token, which then gets γ of it (the authors' code). Default false.
    /// </summary>
    public bool PaidAfterEnd { get; init; }

    /// <inheritdoc/>
    public override Expression Formula(RewardSymbols reward)
    {
        var gamma = Expression.Setting("γ", Gamma, "how much a reward one token later counts");
        Expression left = Quantities.Length - (Expression)Quantities.Position;
        Expression Paid(Expression atEnd) => Gamma == 1 ? atEnd : Expression.Power(gamma, PaidAfterEnd ? left + 1 : left) * atEnd;
        if (Range is null && !PaidAfterEnd && (PenaltyToGo || reward.Penalty is null))
            return Whitened(
                RewardToGo.ToGo(Over.ThisAndLaterTokens, reward.PerToken, Gamma, Quantities.TokensLater)
                    - Paid(Quantities.GreedyReward)
            );
        // With a limit or another time of payment only the reward of the whole response is known.
        var lead = reward.Task - Quantities.GreedyReward;
        var earned = Paid(Range is { } range ? Expression.Clip(lead, range.Low, range.High) : lead);
        if (reward.Penalty is not { } penalty)
            return Whitened(earned);
        return Whitened(
            earned - (PenaltyToGo ? RewardToGo.ToGo(Over.ThisAndLaterTokens, penalty, Gamma, Quantities.TokensLater) : penalty)
        );
    }

    internal override void Verify(RolloutBatch batch)
    {
        if (batch.GreedyRewards is null)
            throw new ArgumentException(
                "A greedy baseline needs GreedyRewards, but the batch has none. Sample with SamplingPlan.GreedyRollout."
            );
        if (batch.GreedyRewards.Count != batch.Layout.Groups)
            throw new ArgumentException(
                $"GreedyRewards holds {batch.GreedyRewards.Count} numbers, but the batch has {batch.Layout.Groups} prompts; each needs one."
            );
    }
}
