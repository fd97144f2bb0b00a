namespace UniPo;

/// <summary>Every algorithm's answer to the same question: how hard is each token's log-probability pushed, and why?</summary>
/// <remarks>A column that has no meaning for an objective is null, never zero.</remarks>
public sealed record TokenReport
{
    /// <summary>The objective that was evaluated.</summary>
    public required Objective Objective { get; init; }

    /// <summary>The batch it was evaluated on.</summary>
    public required RolloutBatch Batch { get; init; }

    /// <summary>
    /// [ΣT] w = ∂J/∂log π of each token: exact, aggregation included, 0 where a clip bites or the token is masked. A factor that
    /// an objective takes as constant (CISPO's clipped ratio) is constant here, too.
    /// </summary>
    public required TokenColumn Weight { get; init; }

    /// <summary>[ΣT] advantage A; null where the objective has none.</summary>
    public TokenColumn? Advantage { get; init; }

    /// <summary>[ΣT] importance ratio π_θ/π_old that the objective uses; null where it uses none.</summary>
    public TokenColumn? Ratio { get; init; }

    /// <summary>[ΣT] the bound that bites on each token; null where there is no trust region.</summary>
    public IReadOnlyList<ClipSide>? Clipped { get; init; }

    /// <summary>
    /// [ΣT] KL penalty per token against the reference, in nats, before its coefficient, whether it is part of the objective or
    /// of the reward; null where there is none.
    /// </summary>
    public TokenColumn? Kl { get; init; }

    /// <summary>
    /// [ΣT] each token's term of the objective before aggregation; null where the objective is not a sum over tokens.
    /// </summary>
    public TokenColumn? TokenObjective { get; init; }

    /// <summary>
    /// [ΣT] the factor with which aggregation multiplies each token's term (1/N and its kin); null where it is not a sum over
    /// tokens.
    /// </summary>
    public TokenColumn? AggregationWeight { get; init; }

    /// <summary>[ΣT] ∂J/∂H of each token's entropy; null without an entropy bonus.</summary>
    public TokenColumn? EntropyWeight { get; init; }

    /// <summary>[ΣT] ∂J/∂V of each token's value estimate; null without a value loss.</summary>
    public TokenColumn? ValueWeight { get; init; }

    /// <summary>[ΣT] what the critic should have said before each token, in units of reward; null without a value loss.</summary>
    public TokenColumn? ValueTarget { get; init; }

    /// <summary>
    /// The counts that aggregation divided by: those of the whole rollout, also where this batch is a part of it; null where it
    /// is not a sum over tokens.
    /// </summary>
    public BatchTotals? Totals { get; init; }

    /// <summary>The whole batch in a few numbers.</summary>
    public required ObjectiveSummary Summary { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(TokenReport), PrintMembers);
}
