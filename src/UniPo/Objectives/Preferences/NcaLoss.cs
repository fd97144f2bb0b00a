namespace UniPo;

/// <summary>
/// NCA: −log σ(βa) − ½·log σ(−βa) − ½·log σ(−βb): keeps the chosen response's likelihood from falling with the rejected one's.
/// </summary>
/// <remarks>
/// Chen et al. 2024, "Noise contrastive alignment of language models with explicit rewards"; TRL <c>nca_pair</c>.
/// </remarks>
public sealed record NcaLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"noise contrast of both responses, β = {Beta}") + Measured;

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        var (a, b) = (BetaSymbol * chosen, BetaSymbol * rejected);
        return -Expression.LogSigmoid(a) - Expression.LogSigmoid(-a) / 2 - Expression.LogSigmoid(-b) / 2;
    }
}
