using System.Globalization;

namespace UniPo.Tests.Golden;

/// <summary>Comparison at a relative tolerance, with the largest number of a table as the measure for its zeros.</summary>
internal static class Expect
{
    public const double Tolerance = 1e-9;

    public static void Near(string what, double expected, double actual, double tolerance = Tolerance, double scale = 0)
    {
        if (Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), Math.Max(scale, 1e-3)))
            return;
        throw new Xunit.Sdk.XunitException(
            string.Create(CultureInfo.InvariantCulture, $"{what}: expected {expected:R}, but was {actual:R}")
        );
    }

    public static void Near(
        string what,
        IReadOnlyList<double> expected,
        ReadOnlySpan<double> actual,
        double tolerance = Tolerance,
        IReadOnlyList<double>? noise = null
    )
    {
        if (expected.Count != actual.Length)
            throw new Xunit.Sdk.XunitException($"{what}: expected {expected.Count} numbers, but there are {actual.Length}");
        // Rounding of a number near 0 is measured by its neighbours: 1e-17 of reward noise becomes 1e-11 where a spread of 0 is
        // divided by.
        var scale = expected.Count == 0 ? 0 : 0.02 * expected.Max(Math.Abs);
        for (var i = 0; i < expected.Count; i++)
            if (noise is null || !(Math.Abs(expected[i] - actual[i]) <= noise[i]))
                Near($"{what}[{i}]", expected[i], actual[i], tolerance, scale);
    }

    /// <param name="noise">Absolute difference that is allowed at each number besides the relative one.</param>
    public static void Near(
        string what,
        double[][] expected,
        ReadOnlySpan<double> actual,
        double tolerance = Tolerance,
        IReadOnlyList<double>? noise = null
    ) => Near(what, expected.SelectMany(r => r).ToArray(), actual, tolerance, noise);

    /// <summary>The gradient of a loss is the weight with its sign turned.</summary>
    public static void Gradient(GoldenCase c, TokenReport report, string key = "grad_log_probs") =>
        Negated(key, c.Grid(key), report.Weight);

    public static void Negated(string what, double[][] expected, TokenColumn actual)
    {
        double[] negative = [.. actual.Values.ToArray().Select(v => -v)];
        Near(what, expected, negative);
    }
}
