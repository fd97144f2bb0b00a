using UniPo.Numerics;

namespace UniPo;

/// <summary>J = Σ_i Σ_t f_it: no division, so the step grows with the batch.</summary>
/// <remarks>verl <c>token-sum</c>.</remarks>
public sealed record TokenSum : Aggregation
{
    /// <inheritdoc/>
    public override string InWords =>
        Scale == 1
            ? "sum over all tokens of the batch"
            : FormattableString.Invariant($"sum over all tokens of the batch, times {Scale}");

    /// <inheritdoc/>
    public override Expression Formula(Expression term) =>
        Scale == 1 ? Everything(term) : Expression.Setting("c", Scale, "multiplies the sum") * Everything(term);

    private static Expression Everything(Expression term) => Expression.Sum(Over.Responses, Expression.Sum(Over.Tokens, term));

    /// <summary>
    /// The sum is multiplied by this; above 0. Default 1. verl multiplies by the number of machines, whose gradients are averaged
    /// afterwards.
    /// </summary>
    public double Scale
    {
        get;
        init => field = Require.Positive(value, "TokenSum.Scale");
    } = 1;
}
