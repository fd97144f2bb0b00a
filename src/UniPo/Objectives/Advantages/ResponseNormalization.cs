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

    /// <summary>The normalised numbers in symbols.</summary>
    internal Expression Formula(Expression raw) =>
        (raw - Expression.Mean(Over.Batch, raw)) / GroupFormulas.Spread(Expression.Std(Over.Batch, raw, Ddof), Epsilon);

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(ResponseNormalization), PrintMembers);
}
