namespace UniPo;

/// <summary>s_i = exp(Σ_t d_it) = π_θ(response) / π_old(response): the response as one action.</summary>
/// <remarks>
/// Ahmadian et al. 2024, "Back to basics" (RLOO); TRL's RLOO trainer. Unbiased, and of enormous variance: a hundred
/// tokens that moved by 1 % each make a ratio of 2.7.
/// </remarks>
public sealed record SequenceProductRatio : Ratio
{
    /// <summary>log s beyond ± this many nats is cut off and gets no gradient; in (0, 600]. Default 600.</summary>
    public double LogClamp
    {
        get;
        init => field = CheckedClamp(value, "SequenceProductRatio.LogClamp");
    } = Limit;

    /// <inheritdoc/>
    public override string InWords => "per response: the product of its token ratios" + ClampInWords(LogClamp);

    /// <inheritdoc/>
    public override Expression Formula(Expression logRatio) =>
        Expression.Define(
            new("s", "i"),
            Expression.Exp(Within(Expression.Sum(Over.Tokens, logRatio), LogClamp)),
            "importance ratio of the response: how much likelier it has become since it was sampled"
        );
}
