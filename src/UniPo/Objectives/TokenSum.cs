namespace UniPo;

/// <summary>J = Σ_i Σ_t f_it: no division, so the step grows with the batch.</summary>
/// <remarks>verl <c>token-sum</c>.</remarks>
public sealed record TokenSum : Aggregation
{
    internal override void Factors(TokenLayout layout, BatchTotals totals, Span<double> factors) => factors.Fill(1);

    /// <inheritdoc/>
    public override string InWords => "sum over all tokens of the batch";

    internal override Expression Formula(Expression term) => Expression.Sum(Over.Responses, Expression.Sum(Over.Tokens, term));
}
