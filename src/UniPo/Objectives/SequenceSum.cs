namespace UniPo;

/// <summary>
/// J = 1/N Σ_i Σ_t f_it: the objective of the policy-gradient theorem, whose sum over tokens is log π of the response.
/// </summary>
/// <remarks>verl <c>seq-mean-token-sum</c>.</remarks>
public sealed record SequenceSum : Aggregation
{
    /// <summary>Which responses N counts. Default: all.</summary>
    public CountedRows Rows { get; init; }

    internal override void Factors(TokenLayout layout, BatchTotals totals, Span<double> factors)
    {
        var rows = Rows == CountedRows.All ? totals.Responses : totals.ActiveResponses;
        factors.Fill(rows > 0 ? 1 / rows : 0);
    }

    /// <inheritdoc/>
    public override string InWords => $"sum over the tokens of a response, then mean over {RowsInWords(Rows)}";

    internal override Expression Formula(Expression term) => PerResponse(Rows, Expression.Sum(Over.Tokens, term));
}
