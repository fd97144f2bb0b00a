namespace UniPo;

/// <summary>The rewards as a formula of an advantage writes them.</summary>
public sealed record RewardSymbols
{
    /// <summary>
    /// Reward of response i as advantages see it: a KL penalty in the reward is inside, unless it is paid after the baseline.
    /// </summary>
    public Expression Outcome { get; init; } = Quantities.Reward;

    /// <summary>Reward of response i as the task gave it.</summary>
    public Expression Task { get; init; } = Quantities.Reward;

    /// <summary>Reward of token t of response i; a KL penalty in the reward is inside.</summary>
    public Expression PerToken { get; init; } = Quantities.TokenReward;

    /// <summary>What each token pays for its distance from the reference; null for nothing.</summary>
    public Expression? Penalty { get; init; }

    /// <summary>k_it, the estimate that is paid for, before its coefficient; null for none.</summary>
    public Expression? Estimate { get; init; }

    /// <summary>True when estimators with a baseline subtract the penalty after it, token by token.</summary>
    public bool PenaltyAfterBaseline { get; init; }

    /// <summary>The task's rewards as they are.</summary>
    public static RewardSymbols Plain { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(RewardSymbols), PrintMembers);
}
