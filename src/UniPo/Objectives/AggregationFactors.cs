namespace UniPo;

/// <summary>Spreads the factor of each response over its active tokens.</summary>
internal static class AggregationFactors
{
    /// <param name="aggregation">Who says the factors.</param>
    /// <param name="layout">Where the responses lie.</param>
    /// <param name="totals">The denominators.</param>
    /// <param name="factors">[ΣT] receives one factor a token, 0 on masked ones.</param>
    public static void Fill(Aggregation aggregation, TokenLayout layout, BatchTotals totals, Span<double> factors)
    {
        Span<double> perRow = layout.Responses <= 512 ? stackalloc double[layout.Responses] : new double[layout.Responses];
        aggregation.Factors(layout, totals, perRow);
        for (var row = 0; row < perRow.Length; row++)
            factors.Slice(layout.RowStarts[row], layout.Length(row)).Fill(perRow[row]);
        Masked.Clear(layout, factors);
    }
}
