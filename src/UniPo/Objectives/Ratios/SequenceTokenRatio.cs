namespace UniPo;

/// <summary>
/// The value of the response's mean ratio s_i, but each token's gradient is its own: s_it = sg(s_i)·π_θ / sg(π_θ).
/// </summary>
/// <remarks>
/// Zheng et al. 2025, section 4.3 (GSPO-token); verl and SkyRL compute GSPO in this form. With one advantage a response it has
/// the gradient of <see cref="SequenceMeanRatio"/>; with advantages per token it lets them differ.
/// </remarks>
public sealed record SequenceTokenRatio : Ratio
{
    /// <summary>
    /// log s above this many nats is cut off and gets no gradient; in (0, 600]. Default 600; verl cuts at 10, above only.
    /// </summary>
    public double LogCap
    {
        get;
        init => field = CheckedClamp(value, "SequenceTokenRatio.LogCap");
    } = Limit;

    /// <inheritdoc/>
    public override string InWords =>
        "per response (geometric mean), with a gradient of each token's own"
        + (LogCap >= Limit ? "" : FormattableString.Invariant($", log-ratio cut at {LogCap}"));

    /// <inheritdoc/>
    public override Expression Formula(Expression logRatio)
    {
        var mean = 1 / (Expression)Quantities.Length * Expression.Sum(Over.Tokens, logRatio);
        var log = Expression.StopGradient(mean) + Quantities.LogProb - Expression.StopGradient(Quantities.LogProb);
        return Expression.Define(
            new("s", "it"),
            Expression.Exp(LogCap >= Limit ? log : Expression.Capped(log, LogCap)),
            "importance ratio of the response, whose gradient is the token's own"
        );
    }
}
