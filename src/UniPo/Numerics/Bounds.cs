namespace UniPo.Numerics;

/// <summary>Range checks for settings: the error names the setting, what would be right, and the value.</summary>
internal static class Bounds
{
    /// <summary>A whole number with a lower bound.</summary>
    public static int AtLeast(int value, int least, string name) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} must be at least {least}, but was {value}.");

    /// <summary>A finite number above 0.</summary>
    public static double Positive(double value, string name) => double.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} must be a finite number above 0, but was {value}."));

    /// <summary>A finite number that is not negative.</summary>
    public static double NotNegative(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} must be a finite number of at least 0, but was {value}."));

    /// <summary>A number in a closed interval.</summary>
    public static double Within(double value, double low, double high, string name) => value >= low && value <= high
        ? value
        : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} must lie in [{low}, {high}], but was {value}."));
}
