using UniPo.Numerics;

namespace UniPo;

/// <summary>Sums over the tokens that count.</summary>
internal static class Masked
{
    /// <summary>Sets the numbers of masked tokens to 0.</summary>
    public static void Clear(TokenLayout layout, Span<double> values) => Clear<double>(layout.Mask, values);

    /// <summary>Sets what belongs to masked tokens to 0.</summary>
    /// <param name="mask">True where a token counts; empty when all do.</param>
    /// <param name="values">One a token.</param>
    public static void Clear<T>(ReadOnlySpan<bool> mask, Span<T> values)
        where T : struct
    {
        for (var i = 0; i < mask.Length; i++)
            if (!mask[i])
                values[i] = default;
    }

    /// <summary>Sum over the active tokens in [from, to).</summary>
    public static double Sum(TokenLayout layout, ReadOnlySpan<double> values, int from, int to) =>
        Sum(layout.Mask.IsEmpty ? default : layout.Mask[from..to], values[from..to]);

    /// <summary>Sum over the tokens that count.</summary>
    /// <param name="mask">True where a token counts; empty when all do.</param>
    /// <param name="values">One a token.</param>
    public static double Sum(ReadOnlySpan<bool> mask, ReadOnlySpan<double> values)
    {
        if (mask.IsEmpty)
            return DoubleKernels.Sum(values);
        var sum = 0.0;
        for (var i = 0; i < mask.Length; i++)
            if (mask[i])
                sum += values[i];
        return sum;
    }

    /// <summary>Σ (value − center)² over the active tokens.</summary>
    public static double SquaresAround(TokenLayout layout, ReadOnlySpan<double> values, double center)
    {
        if (layout.Mask.IsEmpty)
            return DoubleKernels.SquaresAround(values, center);
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
            if (layout.IsActive(i))
                sum += (values[i] - center) * (values[i] - center);
        return sum;
    }

    /// <summary>Sum of all numbers; masked ones are 0 already.</summary>
    public static double Sum(ReadOnlySpan<double> values) => DoubleKernels.Sum(values);
}
