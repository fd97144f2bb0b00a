using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// Robust DPO: (−(1 − s)·log σ(β·h) + s·log σ(−β·h)) / (1 − 2s), unbiased when a share s of the labels is flipped.
/// </summary>
/// <remarks>Chowdhury et al. 2024, "Provably robust DPO"; TRL <c>robust</c>.</remarks>
public sealed record RobustDpoLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"DPO corrected for {FlippedLabels:P0} flipped labels, β = {Beta}") + Measured;

    /// <summary>s: the share of labels that are flipped; in [0, 0.5). Default 0.1.</summary>
    public double FlippedLabels
    {
        get;
        init => field = Require.That(value, value is >= 0 and < 0.5, "RobustDpoLoss.FlippedLabels", "lie in [0, 0.5)");
    } = 0.1;

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        var x = BetaSymbol * Margin(chosen, rejected);
        var s = Expression.Setting("s", FlippedLabels, "share of labels that are flipped");
        return (-(1 - s) * Expression.LogSigmoid(x) + s * Expression.LogSigmoid(-x)) / (1 - 2 * s);
    }
}
