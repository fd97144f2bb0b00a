using System.Globalization;

namespace UniPo.Interactive;

/// <summary>
/// How all numbers of a column are written: as many decimals as four digits of the largest need, so that points stand below each
/// other.
/// </summary>
internal sealed class NumberFormat
{
    private readonly double _largest;
    private readonly int? _decimals;

    private NumberFormat(double largest, int? decimals) => (_largest, _decimals) = (largest, decimals);

    /// <summary>The format for these numbers; those that are not finite have no say.</summary>
    public static NumberFormat Of(IReadOnlyList<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var largest = finite.Select(Math.Abs).DefaultIfEmpty(0).Max();
        // What is left of a sum that cancels (10⁻¹⁸ beside 10⁻²) is 0 to a reader.
        var sizes = finite.Select(Math.Abs).Where(v => v >= 1e-12 * largest && v > 0).ToArray();
        if (sizes.Length == 0 || largest >= 999950 || sizes.Min() < 1e-4 * largest || largest < 1e-3)
            return new NumberFormat(largest, null); // too far apart, or too far from 1, for one format
        var most = Math.Clamp(3 - (int)Math.Floor(Math.Log10(largest)), 0, 7);
        return new NumberFormat(largest, sizes.Max(v => Needed(v, most)));
    }

    /// <summary>The number in this format.</summary>
    public string Write(double value)
    {
        if (double.IsFinite(value) && Math.Abs(value) < 1e-12 * _largest)
            value = 0;
        if (value == 0 || _decimals is not { } decimals || !double.IsFinite(value))
            return Numbers.Short(value);
        var text = value.ToString("F" + Numbers.Count(decimals), CultureInfo.InvariantCulture);
        return text.Trim('-', '0', '.').Length == 0 ? text.TrimStart('-') : text.Replace('-', '−');
    }

    // Decimals that are not trailing zeros.
    private static int Needed(double value, int most)
    {
        var text = value.ToString("F" + Numbers.Count(most), CultureInfo.InvariantCulture);
        return most == 0 ? 0 : text.TrimEnd('0').Length - text.IndexOf('.') - 1;
    }
}
