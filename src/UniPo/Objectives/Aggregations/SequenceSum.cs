namespace UniPo;

/// <summary>
/// J = 1/N Σ_i Σ_t f_it: the objective of the policy-gradient theorem, whose sum over tokens is log π of the response.
/// </summary>
/// <remarks>verl <c>seq-mean-token-sum</c>.</remarks>
public sealed record SequenceSum : Aggregation
{
    /// <summary>Which responses N counts. Default: all.</summary>
    public CountedRows Rows { get; init; }

    /// <inheritdoc/>
    public override string InWords => $"sum over the tokens of a response, then mean over {RowsInWords(Rows)}";

    /// <inheritdoc/>
    public override Expression Formula(Expression term) => PerResponse(Rows, Expression.Sum(Over.Tokens, term));
}
