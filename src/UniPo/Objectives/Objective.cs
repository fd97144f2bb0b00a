namespace UniPo;

/// <summary>What is maximised: it turns a batch of scored responses into one weight per token.</summary>
/// <remarks>Policy objectives, preference objectives (DPO) and imitation differ in their parts; all end in <see cref="TokenReport.Weight"/>.</remarks>
public abstract record Objective
{
    /// <summary>Name as the field writes it, for instance <c>GRPO</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The objective's value, its weight for every token, and why.</summary>
    /// <param name="batch">Scored responses with log-probabilities.</param>
    /// <exception cref="ArgumentException">The batch lacks a column this objective needs, or holds a number that is not finite.</exception>
    public abstract TokenReport Evaluate(RolloutBatch batch);
}
