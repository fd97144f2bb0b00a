using System.Runtime.Intrinsics;
using UniPo.Numerics;

namespace UniPo;

/// <summary>PPO's clip: min(r·A, clip(r, 1 − low, 1 + high)·A).</summary>
/// <remarks>
/// Schulman et al. 2017, equation 7; separate bounds: Yu et al. 2025 (DAPO), "clip-higher". A token that has already moved
/// by the allowed amount in the direction its advantage wants gets no further gradient; the way back is always open.
/// </remarks>
public sealed record Clip : TrustRegion
{
    /// <summary>Bounds below and above the ratio 1.</summary>
    /// <param name="low">In [0, 1]; 1 for no lower bound.</param>
    /// <param name="high">At least 0.</param>
    /// <exception cref="ArgumentException">The bounds are ratios (0.8 and 1.2), not distances from 1.</exception>
    public Clip(double low, double high)
    {
        (Low, High) = (low, high);
        Bounds.Distances(low, high, "Clip");
    }

    /// <summary>The ratio may fall to 1 − Low; in [0, 1]; 1 is no lower bound.</summary>
    public double Low
    {
        get;
        init => field = Bounds.Below(value, "Clip.Low");
    }

    /// <summary>The ratio may rise to 1 + High; at least 0.</summary>
    public double High
    {
        get;
        init => field = Require.NotNegative(value, "Clip.High");
    }

    /// <summary>The same distance on both sides.</summary>
    /// <param name="epsilon">In [0, 1); PPO and GRPO use 0.2.</param>
    public static Clip Symmetric(double epsilon) => new(epsilon, epsilon);

    /// <summary>No trust region.</summary>
    public static NoTrustRegion None { get; } = new();

    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"clip to [{1 - Low:0.######}, {1 + High:0.######}], way back open");

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) =>
        Expression.Min(token.Ratio * token.Advantage, Bounded(token.Ratio, Low, High) * token.Advantage);

    /// <summary>clip(r, 1 − ε, 1 + ε), with one letter when both bounds are equally far.</summary>
    internal static Expression Bounded(Expression ratio, double low, double high) =>
        Expression.Clip(ratio, Lowest(low, high), Highest(low, high));

    /// <summary>The lower bound of the ratio; one ε where both are alike.</summary>
    internal static Expression Lowest(double low, double high) =>
        1
        - (
            low == high
                ? Epsilon(low)
                : Expression.Setting("ε_low", low, "how far a ratio may fall below 1 before the clip bites")
        );

    /// <summary>The upper bound of the ratio.</summary>
    internal static Expression Highest(double low, double high) =>
        1
        + (
            low == high
                ? Epsilon(high)
                : Expression.Setting("ε_high", high, "how far a ratio may rise above 1 before the clip bites")
        );

    private static Expression Epsilon(double epsilon) =>
        Expression.Setting("ε", epsilon, "how far a ratio may move from 1 before the clip bites");

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) => Cases(token, Lowest(Low, High), Highest(Low, High));

    /// <summary>The six cases of PPO's clip, in words.</summary>
    internal static IEnumerable<Sentence> Cases(TokenSymbols token, Expression lowest, Expression highest)
    {
        var (r, a) = (token.Ratio, token.Advantage);
        return
        [
            Sentence.If(Expression.Relation(a, "=", 0), $"A = 0: both branches are 0, nothing is pushed."),
            Sentence.If(
                (a > 0) * (r > highest),
                $"r = {r} is above {highest} and A > 0: the token has been raised far enough. The clipped branch is smaller and constant, so there is no gradient."
            ),
            Sentence.If(
                (a < 0) * (r < lowest),
                $"r = {r} is below {lowest} and A < 0: the token has been lowered far enough. The clipped branch is smaller and constant, so there is no gradient."
            ),
            Sentence.If(
                r < lowest,
                $"r = {r} is below {lowest}, but A > 0 wants it back up: the unclipped branch is smaller and keeps its gradient."
            ),
            Sentence.If(
                r > highest,
                $"r = {r} is above {highest}, but A < 0 wants it back down: the unclipped branch is smaller and keeps its gradient."
            ),
            Sentence.Otherwise($"r = {r} lies within [{lowest}, {highest}]: both branches are equal and the gradient flows."),
        ];
    }
}
