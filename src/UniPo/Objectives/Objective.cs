using UniPo.Formulas;

namespace UniPo;

/// <summary>What is maximised: it turns a batch of scored responses into one weight per token.</summary>
/// <remarks>
/// Policy objectives, preference objectives (DPO) and imitation differ in their parts; all end in
/// <see cref="TokenReport.Weight"/>. Two objectives are equal when they do the same: name, paper, year and reason are labels and
/// do not count.
/// </remarks>
public abstract record Objective
{
    /// <summary>Name as the field writes it, for instance <c>GRPO</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was published: authors, title, number; empty for one's own.</summary>
    public string Paper { get; init; } = "";

    /// <summary>Year of publication; 0 for one's own.</summary>
    public int Year { get; init; }

    /// <summary>In one sentence: which trouble it was made for.</summary>
    public string Why { get; init; } = "";

    /// <summary>How responses are sampled and how often they are used.</summary>
    public SamplingPlan Sampling { get; init; } = new();

    /// <summary>How the gradient becomes a change of the parameters.</summary>
    public StepRule Step { get; init; } = StepRule.Gradient;

    /// <summary>The objective in symbols, written by its parts.</summary>
    public abstract Formula Formula { get; }

    /// <summary>What it is put together from, in words and symbols.</summary>
    public abstract IReadOnlyList<ObjectivePart> Parts { get; }

    /// <summary>The objective's value, its weight for every token, and why.</summary>
    /// <param name="batch">Scored responses with log-probabilities.</param>
    /// <exception cref="ArgumentException">The batch lacks a column this objective needs, or holds a number that is not
    /// finite.</exception>
    public TokenReport Evaluate(RolloutBatch batch) => Evaluate(Credit(batch));

    /// <summary>
    /// What is decided once for a whole rollout: masks, advantages, denominators. Cut the result into mini- and micro-batches,
    /// put in new log-probabilities as the policy moves, and evaluate the pieces.
    /// </summary>
    /// <param name="batch">The whole rollout.</param>
    /// <exception cref="ArgumentException">The batch lacks a column this objective needs, or holds a number that is not
    /// finite.</exception>
    public abstract CreditedBatch Credit(RolloutBatch batch);

    /// <summary>The objective on a batch (or a part of one) whose advantages are already known.</summary>
    public abstract TokenReport Evaluate(CreditedBatch batch);

    /// <summary>Why a token got its weight; objectives that know their parts say more than this.</summary>
    internal virtual TokenExplanation Explain(TokenReport report, int row, int token) =>
        new(report, row, token, [], WeightWords.Of(report, row, token));

    /// <summary>
    /// [P] true for each group from which this objective learns nothing, because none of its responses has an advantage. Judged by
    /// advantages, not by the sum of rewards: two rewards that add up to the same may still differ.
    /// </summary>
    /// <param name="batch">Scored responses.</param>
    public virtual bool[] SilentGroups(RolloutBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var rewards = batch.Rewards();
        return
        [
            .. Enumerable
                .Range(0, batch.Layout.Groups)
                .Select(g => SampleStatistics.AllEqual(rewards.AsSpan(batch.Layout.GroupStarts[g], batch.Layout.GroupSize(g)))),
        ];
    }

    /// <summary>
    /// The objective to use for the next rollout: itself, unless a part of it adapts (a KL coefficient, a running baseline).
    /// </summary>
    /// <param name="report">What this rollout's first evaluation gave.</param>
    public virtual Objective After(TokenReport report) => this;

    /// <summary>True when the other does the same, whatever it is called.</summary>
    public virtual bool Equals(Objective? other) =>
        other is not null && EqualityContract == other.EqualityContract && Sampling == other.Sampling && Step == other.Step;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, Sampling, Step);

    /// <summary>What is said of sampling and of the step, where it is not what everyone does.</summary>
    private protected IEnumerable<ObjectivePart> ExtraParts()
    {
        if (Sampling != new SamplingPlan())
            yield return new("sampling", "How are responses sampled and used?", Sampling.ToString());
        if (Step != StepRule.Gradient)
            yield return new("step", "How does the gradient change the parameters?", Step.ToString());
    }

    /// <summary>A card for a plain console, at most 100 columns wide: name, source, parts in words, formula.</summary>
    public sealed override string ToString() => ObjectiveCard.Write(this);
}
