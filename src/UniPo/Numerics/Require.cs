using System.Globalization;
using System.Numerics;

namespace UniPo.Numerics;

/// <summary>Range checks with one wording: what was wrong, the value, and what would be right.</summary>
internal static class Require
{
    /// <summary>Returns the value when it is in range; NaN never is.</summary>
    /// <param name="value">The value that was given.</param>
    /// <param name="holds">Whether it is in range. Write comparisons so that NaN makes them false.</param>
    /// <param name="name">The setting, for instance <c>Clip.Low</c>.</param>
    /// <param name="range">What it must do, for instance <c>lie in [0, 1)</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><c>Clip.Low must lie in [0, 1), but was 1.5.</c></exception>
    public static T That<T>(T value, bool holds, string name, string range)
        where T : IFormattable =>
        holds
            ? value
            : throw new ArgumentOutOfRangeException(
                null,
                $"{name} must {range}, but was {value.ToString(null, CultureInfo.InvariantCulture)}."
            );

    /// <summary>Returns the value when it is at least 0 and finite.</summary>
    public static double NotNegative(double value, string name) =>
        That(value, value >= 0 && double.IsFinite(value), name, "be at least 0 and finite");

    /// <summary>Returns the value when it is above 0 and finite.</summary>
    public static double Positive(double value, string name) =>
        That(value, value > 0 && double.IsFinite(value), name, "be above 0 and finite");

    /// <summary>Returns the value when it lies in [0, 1].</summary>
    public static double UnitInterval(double value, string name) => That(value, value is >= 0 and <= 1, name, "lie in [0, 1]");

    /// <summary>Returns the value when it is at least <paramref name="least"/>.</summary>
    public static T AtLeast<T>(T value, T least, string name)
        where T : INumber<T> =>
        That(value, value >= least, name, $"be at least {least.ToString(null, CultureInfo.InvariantCulture)}");
}
