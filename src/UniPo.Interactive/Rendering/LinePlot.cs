using System.Text;

namespace UniPo.Interactive;

/// <summary>
/// Turns curves into SVG path data: gaps stay gaps, single points become dots, long curves keep their extremes.
/// </summary>
internal static class LinePlot
{
    /// <summary>
    /// Marks a place where nobody measured: the line goes on to the next number. (NaN, which is no number, is a gap.)
    /// </summary>
    public const double Unmeasured = double.NegativeInfinity;

    /// <summary>Dash patterns by series: a line is known by its dashes as well as by its colour.</summary>
    public static string? Dash(int series) =>
        (series % 8) switch
        {
            0 => null,
            1 => "7 3",
            2 => "2 3",
            3 => "9 3 2 3",
            4 => "4 2",
            5 => "1 2 5 2",
            6 => "12 3",
            _ => "6 2 2 2 2 2",
        };

    /// <summary>A line through the points of a curve.</summary>
    public static string Line(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, int most)
    {
        var path = new SvgPath();
        var kept = Kept(ys, most);
        for (var k = 0; k < kept.Length; k++)
        {
            var i = kept[k];
            if (!double.IsFinite(ys[i]))
            {
                path.Lift();
                continue;
            }
            var alone = !path.IsDown && (k + 1 >= kept.Length || !double.IsFinite(ys[kept[k + 1]]));
            path.To(xs[i], ys[i]);
            if (alone)
                path.Dot();
        }
        return path.ToString();
    }

    private static int[] Kept(ReadOnlySpan<double> ys, int most)
    {
        var kept = new List<int>();
        foreach (var i in Downsampling.Keep(ys, most))
            if (ys[i] != Unmeasured)
                kept.Add(i);
        return [.. kept];
    }

    /// <summary>The area between two curves, cut at gaps. Neighbours that share a point get the widest of their areas.</summary>
    /// <param name="xs">[N] places.</param>
    /// <param name="low">[N] lower edge.</param>
    /// <param name="high">[N] upper edge.</param>
    /// <param name="most">Points on each edge, at least 1.</param>
    public static string Band(ReadOnlySpan<double> xs, ReadOnlySpan<double> low, ReadOnlySpan<double> high, int most)
    {
        var path = new SvgPath();
        var run = new List<(double X, double Low, double High)>();
        var points = Math.Min(most, xs.Length);
        for (var b = 0; b < points; b++)
        {
            var (from, to) = ((int)((long)xs.Length * b / points), (int)((long)xs.Length * (b + 1) / points));
            var (x, lowest, highest, gap) = (
                xs[
                    b == points - 1 ? to - 1
                    : b == 0 ? from
                    : (from + to) / 2
                ],
                double.NaN,
                double.NaN,
                false
            );
            for (var i = from; i < to; i++)
            {
                if (!double.IsFinite(high[i]))
                    gap |= high[i] != Unmeasured;
                else
                    (lowest, highest) = Wider(lowest, highest, low[i], high[i]);
            }
            if (gap)
                Enclose(path, run);
            if (double.IsFinite(highest))
                run.Add((x, lowest, highest));
        }
        Enclose(path, run);
        return path.ToString();
    }

    // Heights may count upwards or, on a drawing, downwards.
    private static (double Low, double High) Wider(double lowest, double highest, double low, double high) =>
        double.IsNaN(highest) ? (low, high)
        : high >= low ? (Math.Min(lowest, low), Math.Max(highest, high))
        : (Math.Max(lowest, low), Math.Min(highest, high));

    private static void Enclose(SvgPath path, List<(double X, double Low, double High)> run)
    {
        if (run.Count == 0)
            return;
        // A shade has no use for tenths.
        foreach (var (x, _, high) in run)
            path.To(Math.Round(x), Math.Round(high));
        for (var k = run.Count - 1; k >= 0; k--)
            path.To(Math.Round(run[k].X), Math.Round(run[k].Low));
        path.Close();
        run.Clear();
    }

    /// <summary>The marker of a series at a point: circle, square, triangle, diamond, cross, bar, or a triangle or bar that lies.</summary>
    public static string Marker(int series, double x, double y)
    {
        string P(double dx, double dy) => $"{Numbers.At(x + dx)} {Numbers.At(y + dy)}";
        return (series % 8) switch
        {
            0 => $"M{P(-2.6, 0)}a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z",
            1 => $"M{P(-2.4, -2.4)}h4.8v4.8h-4.8z",
            2 => $"M{P(0, -3.2)}L{P(3, 2.2)}L{P(-3, 2.2)}z",
            3 => $"M{P(0, -3.4)}L{P(3.4, 0)}L{P(0, 3.4)}L{P(-3.4, 0)}z",
            4 => $"M{P(-1, -3)}h2v2h2v2h-2v2h-2v-2h-2v-2h2z",
            5 => $"M{P(-1.2, -3.4)}h2.4v6.8h-2.4z",
            6 => $"M{P(0, 3.2)}L{P(3, -2.2)}L{P(-3, -2.2)}z",
            _ => $"M{P(-3.4, -1.2)}h6.8v2.4h-6.8z",
        };
    }

    /// <summary>Markers at about six places along a curve, each series at other places.</summary>
    /// <param name="look">Which marker.</param>
    /// <param name="series">Number of the series.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="xs">[N] places.</param>
    /// <param name="ys">[N] heights.</param>
    /// <param name="most">Points of the line that is drawn, so that markers lie on it.</param>
    public static string Markers(int look, int series, int count, ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, int most)
    {
        var path = new StringBuilder();
        var measured = Kept(ys, most);
        var marks = Math.Min(6, measured.Length);
        for (var m = 0; m < marks; m++)
        {
            var i = measured[Math.Min((int)((m + (series + 0.5) / count) * measured.Length / marks), measured.Length - 1)];
            if (double.IsFinite(ys[i]))
                path.Append(Marker(look, xs[i], ys[i]));
        }
        return path.ToString();
    }

    /// <summary>The mean of the last <paramref name="window"/> finite numbers; NaN where the curve has a gap.</summary>
    public static double[] Smooth(ReadOnlySpan<double> values, int window)
    {
        var smooth = new double[values.Length];
        var recent = new Queue<double>();
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            smooth[i] = values[i] == Unmeasured ? Unmeasured : double.NaN;
            if (!double.IsFinite(values[i]))
                continue;
            recent.Enqueue(values[i]);
            sum += values[i];
            if (recent.Count > window)
                sum -= recent.Dequeue();
            smooth[i] = sum / recent.Count;
        }
        return smooth;
    }
}
