using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// A factor per token that makes up for a sampler that computes log-probabilities a little differently from the trainer.
/// </summary>
/// <remarks>
/// A fast inference engine rounds otherwise, so the responses do not quite come from the policy that is trained. ρ = exp(log
/// π_old − log π_sampler). The factor multiplies the policy term only; it is a constant for the gradient.
/// </remarks>
public abstract record SamplerCorrection
{
    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>The factor in symbols, with a line of its own.</summary>
    internal Expression Formula() => Expression.Define(new("c", "it"), Body(), "factor that makes up for the sampler's error");

    private protected virtual Expression Body() => throw new NotSupportedException($"{GetType().Name} has no formula.");

    private protected static Expression TokenFactor { get; } =
        Expression.Define(
            new("ρ", "it"),
            Expression.Exp((Expression)Quantities.OldLogProb - Quantities.SamplerLogProb),
            "how much likelier the trainer finds the token than the sampler did"
        );

    private protected static Expression Between(Expression ratio, double low, double high)
    {
        var below = Expression.Indicator(
            Expression.Relation(ratio, "≤", Expression.Setting("ρ_high", high, "largest ratio that counts"))
        );
        return low == 0
            ? below
            : Expression.Indicator(
                Expression.Relation(Expression.Setting("ρ_low", low, "smallest ratio that counts"), "≤", ratio)
            ) * below;
    }

    private protected static double CheckedHigh(double value, string name) => Require.That(value, value > 0, name, "be above 0");
}

/// <summary>
/// Factors that came with the batch (verl <c>rollout_is_weights</c>): <see cref="RolloutBatch.SamplerWeights"/>.
/// </summary>
public sealed record GivenCorrection : SamplerCorrection
{
    /// <inheritdoc/>
    public override string InWords => "factors that came with the batch";

    private protected override Expression Body() => Quantities.SamplerWeight;
}

/// <summary>ρ_t, held between two bounds (truncated importance sampling; OpenRLHF <c>tis</c>).</summary>
public sealed record TruncatedCorrection : SamplerCorrection
{
    /// <summary>Smallest factor; at least 0. Default 0.</summary>
    public double Low
    {
        get;
        init => field = Require.NotNegative(value, "TruncatedCorrection.Low");
    }

    /// <summary>Largest factor; above 0. Default 2.</summary>
    public double High
    {
        get;
        init => field = CheckedHigh(value, "TruncatedCorrection.High");
    } = 2;

    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"trainer/sampler ratio of the token, held in [{Low}, {High}]");

    private protected override Expression Body()
    {
        Bounds.Ordered(Low, High, "TruncatedCorrection.Low", "TruncatedCorrection.High");
        return Expression.Clip(TokenFactor, Low, High);
    }
}

/// <summary>ρ_t where it lies between two bounds, 0 elsewhere (IcePop; OpenRLHF <c>icepop</c>).</summary>
public sealed record MaskedCorrection : SamplerCorrection
{
    /// <summary>Smallest ratio that counts; at least 0. Default 0.5.</summary>
    public double Low
    {
        get;
        init => field = Require.NotNegative(value, "MaskedCorrection.Low");
    } = 0.5;

    /// <summary>Largest ratio that counts; above 0. Default 5.</summary>
    public double High
    {
        get;
        init => field = CheckedHigh(value, "MaskedCorrection.High");
    } = 5;

    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"trainer/sampler ratio of the token; 0 outside [{Low}, {High}]");

    private protected override Expression Body()
    {
        Bounds.Ordered(Low, High, "MaskedCorrection.Low", "MaskedCorrection.High");
        return Between(TokenFactor, Low, High) * TokenFactor;
    }
}

/// <summary>
/// One decision for each response: its ratio (geometric mean or product of ρ_t) must lie between two bounds, else the response
/// counts 0.
/// </summary>
/// <remarks>
/// TRL <c>sequence_mask</c>: the product is both judged and used as the factor. OpenRLHF <c>seq-mask-tis</c>: the geometric mean
/// is judged, ρ_t is used.
/// </remarks>
public sealed record SequenceCorrection : SamplerCorrection
{
    /// <summary>Smallest ratio of a response that counts; at least 0. Default 0.</summary>
    public double Low
    {
        get;
        init => field = Require.NotNegative(value, "SequenceCorrection.Low");
    }

    /// <summary>Largest ratio of a response that counts; above 0. Default 3, TRL's.</summary>
    public double High
    {
        get;
        init => field = CheckedHigh(value, "SequenceCorrection.High");
    } = 3;

    /// <summary>
    /// True to judge the geometric mean and to use each token's own ρ_t; false to judge and use the product. Default false.
    /// </summary>
    public bool PerToken { get; init; }

    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"trainer/sampler ratio of the {(PerToken ? "token; 0 when the response's mean ratio is" : "response; 0")} outside [{Low}, {High}]"
        );

    private protected override Expression Body()
    {
        Bounds.Ordered(Low, High, "SequenceCorrection.Low", "SequenceCorrection.High");
        var sum = Expression.Sum(Over.Tokens, (Expression)Quantities.OldLogProb - Quantities.SamplerLogProb);
        var judged = Expression.Define(
            new("ρ", "i"),
            Expression.Exp(PerToken ? 1 / (Expression)Quantities.Length * sum : sum),
            "how much likelier the trainer finds the response than the sampler did"
        );
        return Between(judged, Low, High) * (PerToken ? TokenFactor : judged);
    }
}
