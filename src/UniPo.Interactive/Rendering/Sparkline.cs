namespace UniPo.Interactive;

/// <summary>A curve as one line of block characters.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>At most <paramref name="columns"/> characters; a bucket of steps shows its mean, a gap shows a dot.</summary>
    public static string Of(ReadOnlySpan<double> values, int columns)
    {
        if (values.Length == 0)
            return "";
        var means = Means(values, Math.Min(columns, values.Length));
        var finite = means.Where(double.IsFinite).ToArray();
        if (finite.Length == 0)
            return new string('·', means.Length);
        var (low, high) = (finite.Min(), finite.Max());
        return string.Concat(
            means.Select(m =>
                !double.IsFinite(m) ? '·'
                : high == low ? Blocks[3]
                : Blocks[Math.Min(7, (int)((m - low) / (high - low) * 8))]
            )
        );
    }

    private static double[] Means(ReadOnlySpan<double> values, int buckets)
    {
        var means = new double[buckets];
        for (var b = 0; b < buckets; b++)
        {
            double sum = 0;
            var count = 0;
            for (var i = (int)((long)values.Length * b / buckets); i < (int)((long)values.Length * (b + 1) / buckets); i++)
                if (double.IsFinite(values[i]))
                    (sum, count) = (sum + values[i], count + 1);
            means[b] = count == 0 ? double.NaN : sum / count;
        }
        return means;
    }
}
