namespace UniPo.Formulas;

/// <summary>Statistics of a few numbers. NaN marks what is not known (an unscorable response) and is left out.</summary>
internal static class SampleStatistics
{
    public static int Count(ReadOnlySpan<double> values)
    {
        var count = 0;
        foreach (var v in values)
            if (!double.IsNaN(v))
                count++;
        return count;
    }

    public static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var v in values)
            if (!double.IsNaN(v))
                sum += v;
        return sum;
    }

    /// <summary>
    /// Arithmetic mean; 0 over nothing, NaN over nothing that is known. Equal numbers have exactly their own mean.
    /// </summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var (least, most) = Range(values);
        return values.IsEmpty ? 0
            : least == most ? least
            : Sum(values) / Count(values);
    }

    /// <summary>Standard deviation with divisor n − ddof; 0 where that is not positive.</summary>
    /// <remarks>Differences are brought to the size of 1 before they are squared, so that 1e155 does not overflow.</remarks>
    public static double Std(ReadOnlySpan<double> values, int ddof)
    {
        var (count, mean, largest, squares) = (Count(values), Mean(values), 0.0, 0.0);
        foreach (var v in values)
            largest = Math.Max(largest, double.IsNaN(v) ? 0 : Math.Abs(v - mean));
        if (count <= ddof || largest == 0)
            return 0;
        var unit = largest is > 1e140 or < 1e-140 ? largest : 1;
        foreach (var v in values)
            if (!double.IsNaN(v))
                squares += (v - mean) / unit * ((v - mean) / unit);
        return unit * Math.Sqrt(squares / (count - ddof));
    }

    /// <summary>The largest; NaN (not known) over nothing.</summary>
    public static double Largest(ReadOnlySpan<double> values) =>
        Range(values).Most is var most && double.IsNegativeInfinity(most) ? double.NaN : most;

    /// <summary>The middle one, or the mean of the two in the middle; 0 over nothing.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        double[] known = [.. values.ToArray().Where(v => !double.IsNaN(v)).Order()];
        return known.Length == 0 ? 0 : (known[(known.Length - 1) / 2] + known[known.Length / 2]) / 2;
    }

    /// <summary>True when all known numbers are the same.</summary>
    public static bool AllEqual(ReadOnlySpan<double> values) => Range(values) is var (least, most) && least >= most;

    private static (double Least, double Most) Range(ReadOnlySpan<double> values)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var v in values)
            if (!double.IsNaN(v))
                (least, most) = (Math.Min(least, v), Math.Max(most, v));
        return (least, most);
    }
}
