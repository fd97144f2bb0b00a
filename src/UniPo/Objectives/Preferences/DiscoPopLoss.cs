using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// DiscoPOP: a mix of −log σ(x) and e^(−x), x = β·h, whose share of the second is σ(x/τ): a loss found by a language model's
/// search.
/// </summary>
/// <remarks>
/// Lu et al. 2024, "Discovering preference optimization algorithms with and for large language models"; TRL <c>discopop</c>.
/// </remarks>
public sealed record DiscoPopLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"mix of logistic and exponential loss, β = {Beta}") + Measured;

    /// <summary>τ: how sharply the mix changes around margin 0; above 0. Default 0.05.</summary>
    public double Tau
    {
        get;
        init => field = Require.Positive(value, "DiscoPopLoss.Tau");
    } = 0.05;

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        var x = Expression.Define(
            new("x", "p"),
            Expression.Guard(BetaSymbol * Margin(chosen, rejected), -Ratio.Limit, Ratio.Limit),
            "scaled margin"
        );
        var share = Expression.Define(
            new("q", "p"),
            Expression.Sigmoid(x / Expression.Setting("τ", Tau, "how sharply the mix changes")),
            "share of the exponential loss"
        );
        return (1 - share) * -Expression.LogSigmoid(x) + share * Expression.Exp(-x);
    }
}
