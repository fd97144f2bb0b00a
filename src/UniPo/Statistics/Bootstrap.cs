using MathNet.Numerics.Statistics;
using UniPo.Numerics;

namespace UniPo;

/// <summary>An interval that most likely holds a mean.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct MeanInterval(double Low, double High)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(MeanInterval), PrintMembers);
}

/// <summary>
/// How far a mean could be off, found by drawing from the repetitions themselves: no normal distribution is assumed.
/// </summary>
/// <remarks>
/// Efron 1979. With very few repetitions it is too narrow (five numbers cannot show what a sixth would have been); the interval
/// of
/// <see cref="Estimate"/> is the more careful one. Where the two differ much, more seeds are needed.
/// </remarks>
public static class Bootstrap
{
    /// <summary>The interval between two quantiles of the means of resampled repetitions.</summary>
    /// <param name="values">[n] one finite number a repetition, at least one.</param>
    /// <param name="confidence">Share of resampled means inside the interval, in (0, 1).</param>
    /// <param name="draws">Number of resamplings, at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    public static MeanInterval OfMean(IReadOnlyList<double> values, double confidence = 0.95, int draws = 10_000, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            throw new ArgumentException("An interval needs at least one repetition, but there was none.");
        Require.That(confidence, confidence is > 0 and < 1, "Confidence", "lie in (0, 1)");
        Require.AtLeast(draws, 1, "Draws");
        foreach (var value in values)
            Require.That(value, double.IsFinite(value), "Every repetition", "be a finite number");
        var random = new SeededRandom(seed);
        var means = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++)
                sum += values[random.NextInt(values.Count)];
            means[draw] = sum / values.Count;
        }
        var tail = (1 - confidence) / 2;
        return new MeanInterval(ArrayStatistics.QuantileInplace(means, tail), ArrayStatistics.QuantileInplace(means, 1 - tail));
    }
}
