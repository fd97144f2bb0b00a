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
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        return Expression.Max(0, 1 - BetaSymbol * Margin(chosen, rejected));
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(Expression chosen, Expression rejected)
    {
        var reached = BetaSymbol * (chosen - rejected);
        return
        [
            Sentence.If(
                reached < 1,
                $"β·h = {reached} has not reached 1: the pair pushes with its full strength β, however much is missing."
            ),
            Sentence.Otherwise($"β·h = {reached} has reached 1: the loss is 0 and constant, so the pair pushes no more."),
        ];
    }
}
