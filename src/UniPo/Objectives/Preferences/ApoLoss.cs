namespace UniPo;

/// <summary>APO: chosen and rejected responses are judged apart, each against where the reference stands.</summary>
/// <remarks>
/// D'Oosterlinck et al. 2024, "Anchored preference optimization"; TRL <c>apo_zero</c> and <c>apo_down</c>. Zero: 1 − σ(βa) +
/// σ(βb), raise the chosen, lower the rejected. Down: σ(βa) + 1 − σ(β(a − b)), for a policy already better than its chosen
/// responses.
/// </remarks>
public sealed record ApoLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"chosen and rejected judged apart ({(Down ? "both down" : "chosen up, rejected down")}), β = {Beta}"
        ) + Measured;

    /// <summary>True for the form that lowers both and the rejected more. Default false.</summary>
    public bool Down { get; init; }

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        var beta = BetaSymbol;
        return Down
            ? Expression.Sigmoid(beta * chosen) + 1 - Expression.Sigmoid(beta * Margin(chosen, rejected))
            : 1 - Expression.Sigmoid(beta * chosen) + Expression.Sigmoid(beta * rejected);
    }
}
