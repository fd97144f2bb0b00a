namespace UniPo;

/// <summary>What an advantage estimator says about every token of a batch.</summary>
/// <param name="Advantages">[ΣT] advantage A of each token; 0 where a token is masked.</param>
/// <param name="ValueTargets">[ΣT] what the critic should have predicted (returns); null for estimators without a critic.</param>
/// <param name="RewardKl">[ΣT] KL estimate that the reward of each token paid for, in nats; null for none.</param>
public sealed record AdvantageEstimate(TokenColumn Advantages, TokenColumn? ValueTargets = null, TokenColumn? RewardKl = null)
{
    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(AdvantageEstimate), PrintMembers);
}
