using UniPo.Numerics;

namespace UniPo;

/// <summary>Clip-Cov: PPO's clip, and a few random tokens of high covariance between log π and A are taken out altogether.</summary>
/// <remarks>
/// Cui et al. 2025, section 4; verl <c>clip_cov</c>. Those few tokens make most of the fall in entropy. Candidates are active tokens that the
/// clip leaves alone and whose covariance lies between the bounds; max(1, ⌊share·tokens⌋) of them are dropped.
/// </remarks>
public sealed record ClipCov : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"clip to [{1 - Low:0.######}, {1 + High:0.######}], and a share of {Share} of tokens with covariance in ({LowerBound}, {UpperBound}) dropped at random");

    private readonly Clip _clip = Clip.Symmetric(0.2);

    /// <summary>The ratio may fall to 1 − Low; in [0, 1). Default 0.2.</summary>
    public double Low { get => _clip.Low; init => _clip = _clip with { Low = value }; }

    /// <summary>The ratio may rise to 1 + High; at least 0. Default 0.2.</summary>
    public double High { get => _clip.High; init => _clip = _clip with { High = value }; }

    /// <summary>Share of active tokens to drop; in [0, 1]. Default 0.0002.</summary>
    public double Share { get; init => field = Require.UnitInterval(value, "ClipCov.Share"); } = 2e-4;

    /// <summary>Candidates have a covariance above this. Default 1.</summary>
    public double LowerBound { get; init => field = Require.That(value, double.IsFinite(value), "ClipCov.LowerBound", "be finite"); } = 1;

    /// <summary>Candidates have a covariance below this. Default 5.</summary>
    public double UpperBound { get; init => field = Require.That(value, double.IsFinite(value), "ClipCov.UpperBound", "be finite"); } = 5;

    /// <summary>Decides which candidates are dropped. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The order in which candidates are taken, as indices into their list; null to draw it from <see cref="Seed"/>. For repeating another program's draw.</summary>
    public IReadOnlyList<int>? Order { get; init; }

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token) => _clip.At(token);

    internal override bool LooksAtTheBatch => true;

    internal override void Revise(RolloutBatch batch, ReadOnlySpan<double> advantages, Span<double> values, Span<double> slopes, Span<ClipSide> sides)
    {
        var covariance = new TokenCovariance(batch, advantages);
        var candidates = new List<int>();
        for (var i = 0; i < sides.Length; i++)
            if (sides[i] == ClipSide.None && covariance[i] > LowerBound && covariance[i] < UpperBound) candidates.Add(i);
        var count = Math.Min(Math.Max((int)(Share * batch.Layout.ActiveTokens), 1), candidates.Count);
        foreach (var choice in (Order ?? Drawn(candidates.Count)).Take(count))
            (values[candidates[choice]], slopes[candidates[choice]], sides[candidates[choice]]) = (0, 0, ClipSide.Dropped);
    }

    private int[] Drawn(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new SeededRandom(Seed).Shuffle<int>(order);
        return order;
    }

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) => Quantities.Kept * _clip.Formula(token);

    internal override string Outcome(in TokenState token, in TokenTerm term) => term.Side == ClipSide.Dropped
        ? "High covariance of log π and A: the token was drawn and taken out, so that entropy falls more slowly."
        : Clip.Outcome(token, 1 - Low, 1 + High);
}
