namespace UniPo;

/// <summary>Sums over the tokens that count.</summary>
internal static class Masked
{
    /// <summary>Sets the numbers of masked tokens to 0.</summary>
    public static void Clear(TokenLayout layout, Span<double> values)
    {
        var mask = layout.Mask;
        for (var i = 0; i < mask.Length; i++)
            if (!mask[i]) values[i] = 0;
    }

    /// <summary>Sum over the active tokens in [from, to).</summary>
    public static double Sum(TokenLayout layout, ReadOnlySpan<double> values, int from, int to)
    {
        var sum = 0.0;
        var mask = layout.Mask;
        if (mask.IsEmpty)
            for (var i = from; i < to; i++) sum += values[i];
        else
            for (var i = from; i < to; i++)
                if (mask[i]) sum += values[i];
        return sum;
    }
}
