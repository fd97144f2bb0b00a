using System.Globalization;
using MathNet.Numerics.Distributions;

namespace UniPo;

/// <summary>A mean over independent repetitions (seeds, batches), and how sure it is.</summary>
/// <remarks>The interval is Student's: with few repetitions it is much wider than two standard errors.</remarks>
public sealed record Estimate
{
    private Estimate(double mean, double standardError, int count) => (Mean, StandardError, Count) = (mean, standardError, count);

    /// <summary>The mean.</summary>
    public double Mean { get; }

    /// <summary>Standard error of the mean, ≥ 0; infinite when there is only one repetition.</summary>
    public double StandardError { get; }

    /// <summary>Number of repetitions, at least 1.</summary>
    public int Count { get; }

    /// <summary>Lower end of the 95 % interval.</summary>
    public double Low => Mean - Reach;

    /// <summary>Upper end of the 95 % interval.</summary>
    public double High => Mean + Reach;

    /// <summary>True when the whole interval lies above 0.</summary>
    public bool IsPositive => Low > 0;

    /// <summary>True when the whole interval lies below 0.</summary>
    public bool IsNegative => High < 0;

    /// <summary>True when the whole interval lies within ± this bound: there is no effect larger than it.</summary>
    /// <param name="bound">At least 0, in the unit of the estimate.</param>
    public bool IsWithin(double bound) => Low >= -bound && High <= bound;

    private double Reach => Count > 1 ? StudentT.InvCDF(0, 1, Count - 1, 0.975) * StandardError : double.PositiveInfinity;

    /// <summary>The mean of these repetitions.</summary>
    /// <param name="values">At least one finite number.</param>
    /// <exception cref="ArgumentException">There is no number, or one is not finite.</exception>
    public static Estimate Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        if (all.Length == 0)
            throw new ArgumentException("An estimate needs at least one repetition, but there was none.");
        var wrong = Array.FindIndex(all, v => !double.IsFinite(v));
        if (wrong >= 0)
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Every repetition must be a finite number, but number {wrong} was {all[wrong]}."
                )
            );
        var mean = all.Average();
        var error =
            all.Length > 1
                ? Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1) / all.Length)
                : double.PositiveInfinity;
        return new Estimate(mean, error, all.Length);
    }

    /// <summary>The mean of a − b over pairs that share a seed: what the seeds have in common drops out.</summary>
    /// <param name="a">One number for each seed.</param>
    /// <param name="b">One number for each seed, in the same order.</param>
    /// <exception cref="ArgumentException">The numbers do not pair up, or one is not finite.</exception>
    public static Estimate OfDifference(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Count != b.Count)
            throw new ArgumentException($"Paired numbers need the same count, but there were {a.Count} and {b.Count}.");
        return Of(a.Zip(b, (x, y) => x - y));
    }

    /// <summary>For instance <c>0.331 (95 %: 0.32 to 0.342, n = 5)</c>.</summary>
    public override string ToString() =>
        Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{Mean:0.####} (one repetition: no interval)")
            : string.Create(CultureInfo.InvariantCulture, $"{Short(Mean)} (95 %: {Short(Low)} to {Short(High)}, n = {Count})");

    // Three digits of the interval's width are all that the numbers can bear.
    private string Short(double value)
    {
        var size = Math.Max(Math.Abs(Mean), Reach);
        var digits = size > 0 && double.IsFinite(size) ? Math.Clamp(2 - (int)Math.Floor(Math.Log10(size)), 0, 9) : 3;
        return value.ToString("0." + new string('#', digits), CultureInfo.InvariantCulture);
    }
}
