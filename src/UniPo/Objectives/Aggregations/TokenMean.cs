namespace UniPo;

/// <summary>J = Σ_i Σ_t f_it / Σ_i n_i: every token of the batch counts the same, so long responses weigh more.</summary>
/// <remarks>
/// verl <c>token-mean</c>, TRL <c>dapo</c> and <c>cispo</c>, OpenRLHF's default. The DAPO paper's own form divides per prompt:
/// <see cref="GroupTokenMean"/>.
/// </remarks>
public sealed record TokenMean : Aggregation
{
    /// <inheritdoc/>
    public override string InWords => "mean over all tokens of the batch";

    /// <inheritdoc/>
    public override Expression Formula(Expression term) =>
        1 / Expression.Sum(Over.Responses, Quantities.Length) * Expression.Sum(Over.Responses, Expression.Sum(Over.Tokens, term));
}
