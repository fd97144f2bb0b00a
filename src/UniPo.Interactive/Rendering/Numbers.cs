using System.Globalization;

namespace UniPo.Interactive;

/// <summary>
/// Numbers as readers see them: invariant culture, four significant digits, a real minus sign, a dash where there is none.
/// </summary>
internal static class Numbers
{
    /// <summary>Where a number is missing or not finite.</summary>
    public const string Missing = "—";

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>Four significant digits; whole numbers below a million in full; others as a power of ten.</summary>
    public static string Short(double value)
    {
        if (double.IsNaN(value))
            return Missing;
        if (double.IsInfinity(value))
            return value > 0 ? "∞" : "−∞";
        var size = Math.Abs(value);
        if (size == 0)
            return "0";
        if (size == Math.Floor(size) && size < 1e6)
            return Minus(value.ToString("0", _culture));
        if (size is < 9.9995e-4 or >= 999950)
            return Power(value);
        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 7);
        return Minus(value.ToString("0." + new string('#', decimals), _culture));
    }

    /// <summary>
    /// A number beside others of a size: what is left of a sum that cancels (10⁻¹⁸ beside 10⁻²) is 0 to a reader.
    /// </summary>
    public static string Short(double value, double largest) => Short(Math.Abs(value) < 1e-12 * largest ? 0 : value);

    /// <summary>The numbers of a column in one format; a dash where there is none.</summary>
    public static string[] Alike(IReadOnlyList<double> values) => [.. values.Select(NumberFormat.Of(values).Write)];

    /// <summary>The value of the objective; 0 where the terms of its tokens cancel.</summary>
    public static string Objective(TokenReport report) =>
        Short(report.Summary.Objective, report.Weight.Values.ToArray().Sum(Math.Abs));

    /// <summary>As <see cref="Short(double)"/>; a dash for null.</summary>
    public static string Short(double? value) => Short(value ?? double.NaN);

    /// <summary>
    /// As <see cref="Short(double)"/>, with a plus sign for positive numbers: for values whose sign is the message.
    /// </summary>
    public static string Signed(double value) => value > 0 ? "+" + Short(value) : Short(value);

    /// <summary>As many decimals as show two digits of an error, trailing zeros included: 0.8405 for an error of 0.0031.</summary>
    public static string Rounded(double value, double error)
    {
        if (!double.IsFinite(value) || !(error > 1e-9 * Math.Abs(value)) || !double.IsFinite(error))
            return Short(value);
        var decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(error)), 0, 7);
        return Minus((Math.Round(value, decimals) + 0.0).ToString("F" + decimals.ToString(_culture), _culture)); // −0 + 0 is 0
    }

    /// <summary>A share of a whole, as a percentage with at most one decimal.</summary>
    public static string Share(double? value) =>
        value is { } share && double.IsFinite(share)
            ? Minus((share * 100).ToString(Math.Abs(share) is > 0 and < 0.0995 ? "0.#" : "0", _culture)) + " %"
            : Missing;

    /// <summary>A count.</summary>
    public static string Count(long value) => value.ToString(_culture);

    /// <summary>The number in full, as it can be read back.</summary>
    public static string Exact(double value) => double.IsFinite(value) ? value.ToString("R", _culture) : Short(value);

    /// <summary>Twelve significant digits for a script to read: enough for a picture, and 0.7 stays 0.7.</summary>
    public static string Twelve(double value) => value.ToString("G12", _culture);

    /// <summary>A coordinate in a drawing: at most one decimal.</summary>
    public static string At(double value) => (Math.Round(value, 1) + 0.0).ToString("0.#", _culture); // −0 + 0 is 0

    /// <summary>The count and its noun: <c>1 token</c>, <c>2 tokens</c>.</summary>
    public static string Of(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Exponent as small raised digits: −3 gives <c>⁻³</c>.</summary>
    public static string Raised(int exponent) =>
        string.Concat(exponent.ToString(_culture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));

    private static string Power(double value)
    {
        var parts = value.ToString("0.###E+0", _culture).Split('E');
        return Minus(parts[0]) + "×10" + Raised(int.Parse(parts[1], _culture));
    }

    private static string Minus(string number) => number.Replace('-', '−');
}

/// <summary>
/// A power of ten that a whole picture shares, so that its numbers are short: weights of 0.03 are shown as 31.25 ×10⁻³.
/// </summary>
/// <param name="Exponent">A multiple of three.</param>
/// <param name="Decimals">Decimals behind the point after scaling.</param>
internal readonly record struct NumberScale(int Exponent, int Decimals)
{
    /// <summary>The scale for numbers up to this size.</summary>
    public static NumberScale For(double largest)
    {
        if (!double.IsFinite(largest) || largest <= 0)
            return new NumberScale(0, 0);
        var exponent = largest is >= 0.0999 and < 10000 ? 0 : 3 * (int)Math.Floor(Math.Log10(largest) / 3);
        var size = (int)Math.Floor(Math.Log10(largest / Math.Pow(10, exponent)));
        return new NumberScale(exponent, Math.Clamp(3 - Math.Max(size, 0), 0, 3));
    }

    /// <summary>The unit to write beside the numbers, for instance <c>×10⁻³</c>; empty without scaling.</summary>
    public string Unit => Exponent == 0 ? "" : "×10" + Numbers.Raised(Exponent);

    /// <summary>The number in this scale, without trailing zeros.</summary>
    public string Write(double value)
    {
        if (!double.IsFinite(value))
            return Numbers.Short(value);
        var scaled = (value / Math.Pow(10, Exponent)).ToString("0." + new string('#', Decimals), CultureInfo.InvariantCulture);
        return scaled.TrimStart('-') == "0" ? "0" : scaled.Replace('-', '−');
    }

    /// <summary>
    /// As <see cref="Write"/>, with a sign; a tiny number that rounds to zero keeps its sign, an exact zero has none.
    /// </summary>
    public string Signed(double value)
    {
        var text = Write(value);
        if (text == "0" && value != 0)
            return value > 0 ? "+0" : "−0";
        return value > 0 ? "+" + text : text;
    }
}
