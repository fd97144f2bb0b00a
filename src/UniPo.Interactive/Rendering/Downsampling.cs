namespace UniPo.Interactive;

/// <summary>
/// Draws long curves with few points, and never hides a spike: every bucket keeps its lowest and highest number.
/// </summary>
internal static class Downsampling
{
    /// <summary>Indices to draw, ascending; all of them when there are few.</summary>
    /// <param name="values">The curve; NaN marks a gap, <see cref="LinePlot.Unmeasured"/> nothing at all.</param>
    /// <param name="most">About how many points, at least 4.</param>
    /// <remarks>
    /// First, lowest, highest and last number of each bucket, and one gap where a bucket holds one, so that a gap stays a gap.
    /// </remarks>
    public static IReadOnlyList<int> Keep(ReadOnlySpan<double> values, int most)
    {
        var kept = new List<int>(Math.Min(values.Length, most));
        if (values.Length <= most)
        {
            for (var i = 0; i < values.Length; i++)
                kept.Add(i);
            return kept;
        }
        var buckets = Math.Max(1, most / 4);
        for (var b = 0; b < buckets; b++)
        {
            var from = (int)((long)values.Length * b / buckets);
            var to = (int)((long)values.Length * (b + 1) / buckets);
            kept.AddRange(Bucket(values, from, to));
        }
        return kept;
    }

    private static SortedSet<int> Bucket(ReadOnlySpan<double> values, int from, int to)
    {
        int low = -1,
            high = -1,
            gap = -1;
        for (var i = from; i < to; i++)
        {
            if (values[i] == LinePlot.Unmeasured)
                continue;
            if (!double.IsFinite(values[i]))
                gap = i;
            else
            {
                if (low < 0 || values[i] < values[low])
                    low = i;
                if (high < 0 || values[i] > values[high])
                    high = i;
            }
        }
        var kept = new SortedSet<int> { from, to - 1 };
        foreach (var index in (ReadOnlySpan<int>)[low, high, gap])
            if (index >= 0)
                kept.Add(index);
        return kept;
    }
}
