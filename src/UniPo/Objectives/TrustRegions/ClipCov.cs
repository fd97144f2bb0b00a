using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// Clip-Cov: PPO's clip, and a few random tokens of high covariance between log π and A are taken out altogether.
/// </summary>
/// <remarks>
/// Cui et al. 2025, section 4; verl <c>clip_cov</c>. Those few tokens make most of the fall in entropy. Candidates are active
/// tokens that the clip leaves alone and whose covariance lies between the bounds; max(1, ⌊share·tokens⌋) of them are dropped.
/// </remarks>
public sealed record ClipCov : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"clip to [{1 - Low:0.######}, {1 + High:0.######}], and a share of {Share} of tokens with covariance in ({LowerBound}, {UpperBound}) dropped at random"
        );

    private readonly Clip _clip = Clip.Symmetric(0.2);

    /// <summary>The ratio may fall to 1 − Low; in [0, 1). Default 0.2.</summary>
    public double Low
    {
        get => _clip.Low;
        init => _clip = _clip with { Low = value };
    }

    /// <summary>The ratio may rise to 1 + High; at least 0. Default 0.2.</summary>
    public double High
    {
        get => _clip.High;
        init => _clip = _clip with { High = value };
    }

    /// <summary>Share of active tokens to drop; in [0, 1]. Default 0.0002.</summary>
    public double Share
    {
        get;
        init => field = Require.UnitInterval(value, "ClipCov.Share");
    } = 2e-4;

    /// <summary>Candidates have a covariance above this. Default 1.</summary>
    public double LowerBound
    {
        get;
        init => field = Require.That(value, double.IsFinite(value), "ClipCov.LowerBound", "be finite");
    } = 1;

    /// <summary>Candidates have a covariance below this. Default 5.</summary>
    public double UpperBound
    {
        get;
        init => field = Require.That(value, double.IsFinite(value), "ClipCov.UpperBound", "be finite");
    } = 5;

    /// <summary>Decides which candidates are dropped. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The order in which candidates are taken, as indices into their list; null to draw it from <see cref="Seed"/>. For
    /// repeating another program's draw.
    /// </summary>
    public IReadOnlyList<int>? Order { get; init; }

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        Bounds.Ordered(LowerBound, UpperBound, "ClipCov.LowerBound", "ClipCov.UpperBound");
        return Quantities.Kept * _clip.Formula(token);
    }

    internal override Quantity Choice => Quantities.Kept;

    internal override double[] Choose(RolloutBatch batch, ReadOnlySpan<double> advantages)
    {
        var wanted = Math.Max((int)(Share * batch.Layout.ActiveTokens), 1);
        var covariance = new TokenCovariance(batch, advantages);
        var kept = new double[batch.Layout.Tokens];
        Array.Fill(kept, 1);
        foreach (
            var i in Order is null
                ? Drawn(covariance, batch, wanted)
                : InOrder(Order, Drawn(covariance, batch, int.MaxValue), wanted)
        )
            kept[i] = 0;
        return kept;
    }

    // Every candidate has the same chance, and only those that are kept are remembered (reservoir sampling; Vitter 1985).
    private List<int> Drawn(TokenCovariance covariance, RolloutBatch batch, int wanted)
    {
        var (random, seen, kept) = (new SeededRandom(Seed), 0, new List<int>(Math.Min(wanted, batch.Layout.Tokens)));
        for (var i = covariance.Next(0, LowerBound, UpperBound); i >= 0; i = covariance.Next(i + 1, LowerBound, UpperBound))
        {
            if (IsClipped(batch, covariance.Advantage(i), i))
                continue;
            if (seen++ < wanted)
                kept.Add(i);
            else if (random.NextInt(seen) is var place && place < wanted)
                kept[place] = i;
        }
        return kept;
    }

    // A token that the clip has stopped already is no candidate.
    private bool IsClipped(RolloutBatch batch, double advantage, int token)
    {
        var ratio = Math.Exp(
            Math.Clamp(batch.LogProbs.Values[token] - batch.OldLogProbs.Values[token], -Ratio.Limit, Ratio.Limit)
        );
        return advantage > 0 && ratio > 1 + High || advantage < 0 && ratio < 1 - Low;
    }

    private static List<int> InOrder(IReadOnlyList<int> order, List<int> candidates, int wanted) =>
        [.. order.Take(Math.Min(wanted, candidates.Count)).Select(choice => candidates[choice])];

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) =>
        [
            Sentence.If(
                Expression.Relation(Quantities.Kept, "=", 0),
                $"High covariance of log π and A: the token was drawn and taken out, so that entropy falls more slowly."
            ),
            .. Clip.Cases(token, Clip.Lowest(Low, High), Clip.Highest(Low, High)),
        ];
}
