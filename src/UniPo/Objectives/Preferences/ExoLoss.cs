using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// EXO: KL from the labels (1 − s, s) to the policy's preference (σ(βh), σ(−βh)): σ(βh)·log(σ(βh)/(1 − s)) +
/// σ(−βh)·log(σ(−βh)/s).
/// </summary>
/// <remarks>
/// Ji et al. 2024, "Towards efficient exact optimization of language model alignment", equation 16; TRL <c>exo_pair</c>.
/// </remarks>
public sealed record ExoLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"KL from the labels to the policy's preference, β = {Beta}") + Measured;

    /// <summary>s: the share of labels taken to be wrong; in (0, 0.5). Default 0.001.</summary>
    public double LabelSmoothing
    {
        get;
        init => field = Require.That(value, value is > 0 and < 0.5, "ExoLoss.LabelSmoothing", "lie in (0, 0.5)");
    } = 1e-3;

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        var x = BetaSymbol * Margin(chosen, rejected);
        var s = Expression.Setting("s", LabelSmoothing, "share of labels taken to be wrong");
        return Expression.Sigmoid(x) * (Expression.LogSigmoid(x) - Expression.Log(1 - s))
            + Expression.Sigmoid(-x) * (Expression.LogSigmoid(-x) - Expression.Log(s));
    }
}
