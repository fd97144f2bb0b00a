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

    internal override void Pool(int count, Span<double> log) => log.Fill(Math.Clamp(Masked.Sum(log), -LogClamp, LogClamp));

    internal override void Spread(int count, ReadOnlySpan<double> ratio, Span<double> slope)
    {
        StopAtLimit(ratio, slope, LogClamp);
        slope.Fill(Masked.Sum(slope));
    }

    /// <inheritdoc/>
    public override string InWords => "per response: the product of its token ratios" + ClampInWords(LogClamp);

    internal override Expression Formula(Expression logRatio) =>
        Expression.Define(
            new("s", "i"),
            Expression.Exp(Within(Expression.Sum(Over.Tokens, logRatio), LogClamp)),
            "importance ratio of the response: how much likelier it has become since it was sampled"
        );
}
