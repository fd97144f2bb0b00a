using System.Globalization;

namespace UniPo.Formulas;

/// <summary>
/// Numbers as a reader wants them: exact where they were chosen, four significant digits where they were measured.
/// </summary>
internal static class NumberText
{
    /// <summary>The shortest text that gives the number back: <c>0.2</c>, <c>1e-6</c>, <c>−3</c>.</summary>
    public static string Exact(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E');
        if (e >= 0)
            text =
                text[..e] + "e" + int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        else if (value != 0 && Math.Abs(value) < 1e-3)
            text = Scientific(value, "0.################e0");
        return Minus(text);
    }

    /// <summary>Four significant digits, trailing zeros removed.</summary>
    public static string Rounded(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN"
                : value > 0 ? "∞"
                : "−∞";
        var size = Math.Abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e6))
            return Minus(Scientific(value, "0.###e0"));
        var digits = size == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 6);
        var rounded = Math.Round(value, digits);
        return Minus((rounded == 0 ? 0 : rounded).ToString("0.######", CultureInfo.InvariantCulture));
    }

    private static string Scientific(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    // Only the sign of the number becomes a true minus; 1e-6 stays what one types.
    private static string Minus(string text) => text.StartsWith('-') ? '−' + text[1..] : text;
}
