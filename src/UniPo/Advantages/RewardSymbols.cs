namespace UniPo;

/// <summary>The rewards as a formula of an advantage writes them; a KL penalty in the reward is already inside.</summary>
/// <param name="Outcome">Reward of response i.</param>
/// <param name="PerToken">Reward of token t of response i.</param>
/// <param name="Penalty">What each token pays after the baseline; null for nothing.</param>
public sealed record RewardSymbols(Expression Outcome, Expression PerToken, Expression? Penalty = null)
{
    /// <summary>The task's rewards as they are.</summary>
    public static RewardSymbols Plain { get; } = new(Quantities.Reward, Quantities.TokenReward);
}
