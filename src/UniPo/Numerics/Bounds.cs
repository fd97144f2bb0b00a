using System.Globalization;

namespace UniPo.Numerics;

/// <summary>Checks of two bounds that belong together, in one place and with one wording.</summary>
internal static class Bounds
{
    /// <summary>How far a ratio may fall below 1; 1 is no lower bound.</summary>
    public static double Below(double value, string name) => Require.That(value, value is >= 0 and <= 1, name, "lie in [0, 1]");

    /// <summary>Refuses bounds that were meant as ratios where distances from 1 are asked for.</summary>
    /// <param name="low">Distance below 1.</param>
    /// <param name="high">Distance above 1.</param>
    /// <param name="name">The part, for instance <c>Clip</c>.</param>
    /// <exception cref="ArgumentException"><c>Clip takes distances from the ratio 1, but was given 0.8 and 1.2. Did you mean 0.2, 0.2?</c></exception>
    public static void Distances(double low, double high, string name)
    {
        if (low is >= 0.5 and < 0.99 && high is > 1 and <= 2)
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} takes distances from the ratio 1, but was given {low} and {high}, which allows ratios from {1 - low:0.####} to {1 + high:0.####}. Did you mean {1 - low:0.####}, {high - 1:0.####}?"
                )
            );
    }

    /// <summary>Refuses a lower bound above the upper one.</summary>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="lowName">Its name, for instance <c>CispoClip.Lowest</c>.</param>
    /// <param name="highName">Name of the upper bound.</param>
    /// <exception cref="ArgumentException">They are reversed.</exception>
    public static void Ordered(double low, double high, string lowName, string highName)
    {
        if (low > high)
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{lowName} must not be above {highName}, but they were {low} and {high}. Were they meant the other way round?"
                )
            );
    }
}
