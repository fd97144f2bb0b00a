namespace UniPo;

/// <summary>s_i = exp(Σ_t d_it / n_i): one ratio for a response, the geometric mean of its token ratios.</summary>
/// <remarks>
/// Zheng et al. 2025, "Group sequence policy optimization", equation 7; TRL <c>importance_sampling_level="sequence"</c>.
/// Rewards judge whole responses, so the correction is made for whole responses; n_i keeps long ones from exploding.
/// </remarks>
public sealed record SequenceMeanRatio : Ratio
{
    /// <summary>
    /// log s beyond ± this many nats is cut off and gets no gradient; in (0, 600]. Default 600; verl cuts at 10.
    /// </summary>
    public double LogClamp
    {
        get;
        init => field = CheckedClamp(value, "SequenceMeanRatio.LogClamp");
    } = Limit;

    /// <summary>Added to n_i, in tokens; at least 0. Default 0; verl's GMPO adds 1e-8.</summary>
    public double CountEpsilon
    {
        get;
        init => field = Numerics.Require.NotNegative(value, "SequenceMeanRatio.CountEpsilon");
    }

    /// <inheritdoc/>
    public override string InWords => "per response: the geometric mean of its token ratios" + ClampInWords(LogClamp);

    /// <inheritdoc/>
    public override Expression Formula(Expression logRatio)
    {
        Expression count = Quantities.Length;
        if (CountEpsilon > 0)
            count += Expression.Setting("ε_n", CountEpsilon, "keeps the division by an empty response finite");
        return Expression.Define(
            new("s", "i"),
            Expression.Exp(Within(1 / count * Expression.Sum(Over.Tokens, logRatio), LogClamp)),
            "importance ratio of the response: how much likelier its tokens have become, on (geometric) average"
        );
    }
}
