using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// A_i ← (A_i − mean) / (std + ε) over the responses of the batch: every response counts the same, however long.
/// </summary>
/// <remarks>TRL's RLOO <c>normalize_advantages</c>, and the last step of GDPO.</remarks>
public sealed record ResponseNormalization
{
    /// <summary>Subtracted from the number of responses in the divisor of the variance: 1 or 0. Default 1.</summary>
    public int Ddof
    {
        get;
        init => field = Require.That(value, value is 0 or 1, "ResponseNormalization.Ddof", "be 0 or 1");
    } = 1;

    /// <summary>Added to the standard deviation; at least 0. Default 1e-4.</summary>
    public double Epsilon
    {
        get;
        init => field = Require.NotNegative(value, "ResponseNormalization.Epsilon");
    } = 1e-4;

    /// <summary>Normalises in place; NaN (an unscorable response) stays out of the statistics.</summary>
    /// <param name="advantages">[B] one number a response.</param>
    public void Apply(Span<double> advantages)
    {
        var (mean, std) = (GroupStatistics.Mean(advantages), GroupStatistics.Std(advantages, Ddof));
        for (var i = 0; i < advantages.Length; i++)
            advantages[i] = std + Epsilon > 0 ? (advantages[i] - mean) / (std + Epsilon) : 0;
    }

    /// <summary>The normalised numbers in symbols.</summary>
    internal Expression Formula(Expression raw) =>
        (raw - Expression.Mean(Over.Batch, raw)) / GroupStatistics.Spread(Expression.Std(Over.Batch, raw, Ddof), Epsilon);
}
