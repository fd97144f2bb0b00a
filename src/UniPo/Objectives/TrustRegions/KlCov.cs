using UniPo.Numerics;

namespace UniPo;

/// <summary>KL-Cov: r·A without a clip, and the tokens of highest covariance between log π and A pay c·|log r|.</summary>
/// <remarks>
/// Cui et al. 2025, section 4; verl <c>kl_cov</c>. The max(1, ⌊share·tokens⌋) tokens that make entropy fall most are held near
/// the old policy. Shares are written in three ways: the authors' <c>k_percent=0.2</c> is 0.002, verl's <c>kl_cov_ratio</c> 2e-4,
/// SkyRL's <c>kl_cov_frac</c> 0.2.
/// </remarks>
public sealed record KlCov : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"no clip; the share of {Share} of tokens with highest covariance pays {Coefficient} per nat moved"
        );

    /// <summary>Share of active tokens that pay; in [0, 1]. Default 0.0002.</summary>
    public double Share
    {
        get;
        init => field = Require.UnitInterval(value, "KlCov.Share");
    } = 2e-4;

    /// <summary>c, per nat; at least 0. Default 1, the authors'; verl's configuration sets 0.1.</summary>
    public double Coefficient
    {
        get;
        init => field = Require.NotNegative(value, "KlCov.Coefficient");
    } = 1;

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) =>
        token.Ratio * token.Advantage
        - Expression.Setting("c", Coefficient, "price of one nat of distance from the old policy")
            * Quantities.Charged
            * Expression.Abs(token.LogProb - token.OldLogProb);

    internal override Quantity Choice => Quantities.Charged;

    internal override double[] Choose(RolloutBatch batch, ReadOnlySpan<double> advantages)
    {
        var count = Math.Min(Math.Max((int)(Share * batch.Layout.ActiveTokens), 1), batch.Layout.ActiveTokens);
        var charged = new double[batch.Layout.Tokens];
        foreach (var i in new TokenCovariance(batch, advantages).Highest(count))
            charged[i] = 1;
        return charged;
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) =>
        [
            Sentence.If(
                Expression.Relation(Quantities.Charged, "=", 1),
                $"Among the tokens of highest covariance of log π and A: it pays for its distance from the old policy."
            ),
            Sentence.Otherwise($"Nothing bounds the term: its gradient flows."),
        ];
}
