using UniPo.Numerics;

namespace UniPo;

/// <summary>PPO's clip with a floor for bad tokens: for A &lt; 0 the term never falls below c·A.</summary>
/// <remarks>
/// Ye et al. 2020, "Mastering complex control in MOBA games", equation 4. PPO's clip leaves a bad token that became very likely
/// (r ≫ 1) with an unbounded term; dual clip stops it. verl applies it always, with c = 3; TRL, OpenRLHF and SkyRL do not by
/// default.
/// </remarks>
public sealed record DualClip : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"clip to [{1 - Low:0.######}, {1 + High:0.######}], and no bad token above ratio {Cap}");

    private readonly Clip _clip;

    /// <summary>Bounds below and above the ratio 1, and the cap for bad tokens.</summary>
    /// <param name="low">In [0, 1).</param>
    /// <param name="high">At least 0.</param>
    /// <param name="cap">Above 1.</param>
    public DualClip(double low, double high, double cap)
    {
        _clip = new Clip(low, high);
        Cap = cap;
    }

    /// <summary>The ratio may fall to 1 − Low; in [0, 1).</summary>
    public double Low
    {
        get => _clip.Low;
        init => _clip = _clip with { Low = value };
    }

    /// <summary>The ratio may rise to 1 + High; at least 0.</summary>
    public double High
    {
        get => _clip.High;
        init => _clip = _clip with { High = value };
    }

    /// <summary>c: for A &lt; 0 a ratio above it gets no gradient; above 1. verl's default 3.</summary>
    public double Cap
    {
        get;
        init => field = Require.That(value, value > 1, "DualClip.Cap", "be above 1");
    }

    private Expression CapSymbol => Expression.Setting("c", Cap, "for A < 0 no ratio counts more than this");

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        var clipped = _clip.Formula(token);
        var floor = CapSymbol * token.Advantage;
        return Expression.Define(
            new("f", "it"),
            Expression.Cases(Expression.Relation(token.Advantage, "<", 0), Expression.Max(clipped, floor), clipped),
            "what the token adds to the objective"
        );
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) =>
        [
            Sentence.If(
                (token.Advantage < 0) * (token.Ratio > CapSymbol),
                $"r = {token.Ratio} is above {CapSymbol} and A < 0: the term stops falling at c·A, which is constant, so there is no gradient."
            ),
            .. Clip.Cases(token, Clip.Lowest(Low, High), Clip.Highest(Low, High)),
        ];
}
