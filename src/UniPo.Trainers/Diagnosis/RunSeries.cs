using System.Globalization;

namespace UniPo;

/// <summary>The curves of a run as checks need them: quarters, trends, and what is missing.</summary>
/// <param name="run">The run.</param>
/// <param name="notFinite">How often each metric was NaN or infinite, and at which step first.</param>
internal sealed class RunSeries(TrainingRun run, IReadOnlyDictionary<string, (int Count, int FirstStep)> notFinite)
{
    /// <summary>Fewest values of a curve from which a trend is read.</summary>
    public const int Fewest = 8;

    /// <summary>The run.</summary>
    public TrainingRun Run => run;

    /// <summary>How often each metric was no number.</summary>
    public IReadOnlyDictionary<string, (int Count, int FirstStep)> NotFinite => notFinite;

    /// <summary>The first of these metrics that the run holds; null when it holds none.</summary>
    /// <param name="keys">Names, the best first; one that ends in a star stands for all that begin so.</param>
    public Series? Find(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var name = key.EndsWith('*')
                ? run.Steps.SelectMany(s => s.Metrics.Keys).FirstOrDefault(k => k.StartsWith(key[..^1], StringComparison.Ordinal))
                : key;
            if (name is null)
                continue;
            var found = run.Steps.Where(s => s.Metrics.TryGetValue(name, out var v) && double.IsFinite(v)).ToArray();
            if (found.Length > 0)
                return new Series(name, [.. found.Select(s => s.Step)], [.. found.Select(s => s.Metrics[name])]);
        }
        return null;
    }

    /// <summary>A number for a sentence.</summary>
    public static string Text(double value) =>
        value.ToString(Math.Abs(value) is >= 0.001 and < 1e5 or 0 ? "0.####" : "0.##e+0", CultureInfo.InvariantCulture);

    /// <summary>A share for a sentence.</summary>
    public static string Percent(double value) => (value * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}

/// <summary>One measured curve.</summary>
/// <param name="Name">Its metric.</param>
/// <param name="Steps">Steps that measured it.</param>
/// <param name="Values">Its values, all finite.</param>
internal sealed record Series(string Name, int[] Steps, double[] Values)
{
    /// <summary>True when there are enough values to speak of a trend.</summary>
    public bool IsLong => Values.Length >= RunSeries.Fewest;

    private int Quarter => Math.Max(1, Values.Length / 4);

    /// <summary>Mean of the first quarter.</summary>
    public double First => Values.AsSpan(0, Quarter).ToArray().Average();

    /// <summary>Mean of the last quarter.</summary>
    public double Last => Values.AsSpan(Values.Length - Quarter).ToArray().Average();

    /// <summary>Mean of all.</summary>
    public double Mean => Values.Average();

    /// <summary>Middle value.</summary>
    public double Median => Values.Order().ElementAt(Values.Length / 2);

    /// <summary>Standard error of the difference between the last and the first quarter.</summary>
    public double ErrorOfChange
    {
        get
        {
            double Variance(double[] part)
            {
                var mean = part.Average();
                return part.Length < 2 ? 0 : part.Sum(v => (v - mean) * (v - mean)) / (part.Length - 1) / part.Length;
            }
            return Math.Sqrt(Variance(Values[..Quarter]) + Variance(Values[^Quarter..]));
        }
    }

    /// <summary>The best mean over a tenth of the run, and the step at which it ends.</summary>
    public (double Value, int Step) Best
    {
        get
        {
            var window = Math.Max(2, Values.Length / 10);
            var (best, at) = (double.NegativeInfinity, 0);
            for (var i = window - 1; i < Values.Length; i++)
                if (Values.AsSpan(i + 1 - window, window).ToArray().Average() is var mean && mean > best)
                    (best, at) = (mean, i);
            return (best, Steps[at]);
        }
    }
}
