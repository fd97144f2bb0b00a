using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPo.Claims.Tests;

/// <summary>Whether two rows of the page say the same.</summary>
internal static partial class FigureComparison
{
    private const double Absolute = 0.02,
        Relative = 0.1;

    /// <summary>The same words, and numbers near each other.</summary>
    public static bool IsAlike(string published, string found) =>
        Number().Replace(published, "#") == Number().Replace(found, "#")
        && Numbers(published).Zip(Numbers(found)).All(pair => IsNear(pair.First, pair.Second));

    private static bool IsNear(double a, double b) =>
        Math.Abs(a - b) <= Math.Max(Absolute, Relative * Math.Max(Math.Abs(a), Math.Abs(b)));

    private static IEnumerable<double> Numbers(string row) =>
        Number()
            .Matches(row)
            .Select(m => double.Parse(m.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"[+-]?\d+(,\d{3})*(\.\d+)?(e[+-]?\d+)?")]
    private static partial Regex Number();
}
