using UniPo.Numerics;

namespace UniPo;

/// <summary>Hinge: max(0, 1 − β·h): no gradient once the margin is wide enough.</summary>
/// <remarks>
/// Zhao et al. 2023, "SLiC-HF"; Liu et al. 2023, "Statistical rejection sampling improves preference optimization" (RSO); TRL
/// <c>hinge</c>.
/// </remarks>
public sealed record HingeLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"hinge on β times the margin, β = {Beta}") + Measured;

    /// <inheritdoc/>
    public override PairTerm At(double chosen, double rejected)
    {
        var lacking = 1 - Beta * (chosen - rejected);
        return lacking > 0 ? OfMargin(lacking, -Beta) : OfMargin(0, 0);
    }

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        return Expression.Max(0, 1 - BetaSymbol * Margin(chosen, rejected));
    }

    internal override string Outcome(double chosen, double rejected)
    {
        var reached = NumberText.Rounded(Beta * (chosen - rejected));
        return Beta * (chosen - rejected) < 1
            ? $"β·h = {reached} has not reached 1: the pair pushes with its full strength β, however much is missing."
            : $"β·h = {reached} has reached 1: the loss is 0 and constant, so the pair pushes no more.";
    }
}
