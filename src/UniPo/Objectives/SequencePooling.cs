namespace UniPo;

/// <summary>Sums over the tokens of a response, put back on each of its active tokens.</summary>
internal static class SequencePooling
{
    public static void Sum(TokenLayout layout, Span<double> values, double limit)
    {
        for (var row = 0; row < layout.Responses; row++)
            Fill(layout, row, values, Math.Clamp(RowSum(layout, row, values), -limit, limit));
    }

    public static void Mean(TokenLayout layout, Span<double> values, double limit, double epsilon = 0)
    {
        for (var row = 0; row < layout.Responses; row++)
            Fill(layout, row, values, Math.Clamp(RowSum(layout, row, values) / (Math.Max(layout.ActiveInRow[row], 1) + epsilon), -limit, limit));
    }

    /// <summary>Replaces each active token's number by the row's sum times a factor.</summary>
    public static void Share(TokenLayout layout, int row, Span<double> values, double factor) =>
        Fill(layout, row, values, RowSum(layout, row, values) * factor);

    private static double RowSum(TokenLayout layout, int row, ReadOnlySpan<double> values) =>
        Masked.Sum(layout, values, layout.RowStarts[row], layout.RowStarts[row + 1]);

    private static void Fill(TokenLayout layout, int row, Span<double> values, double value)
    {
        var slice = values.Slice(layout.RowStarts[row], layout.Length(row));
        slice.Fill(value);
        if (layout.ActiveInRow[row] == slice.Length) return;
        for (var t = 0; t < slice.Length; t++)
            if (!layout.IsActive(layout.RowStarts[row] + t)) slice[t] = 0;
    }
}
