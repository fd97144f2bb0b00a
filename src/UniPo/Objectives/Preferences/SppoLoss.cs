namespace UniPo;

/// <summary>SPPO: (a − 1/(2β))² + (b + 1/(2β))²: each response has a goal of its own.</summary>
/// <remarks>Wu et al. 2024, "Self-play preference optimization"; TRL <c>sppo_hard</c>.</remarks>
public sealed record SppoLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"each response drawn to a goal of its own, β = {Beta}") + Measured;

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        var goal = 1 / (2 * BetaSymbol);
        return Expression.Power(chosen - goal, 2) + Expression.Power(rejected + goal, 2);
    }
}
