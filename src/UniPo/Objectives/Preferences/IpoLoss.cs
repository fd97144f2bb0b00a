using UniPo.Numerics;

namespace UniPo;

/// <summary>IPO: (h − 1/(2β))²: the margin has a goal instead of growing for ever.</summary>
/// <remarks>
/// Azar et al. 2023, "A general theoretical paradigm to understand learning from human preferences", equation 17. The authors,
/// the DPO repository and OpenRLHF take sums over tokens; TRL takes means (<see cref="PreferenceLoss.PerToken"/>), which is
/// another objective.
/// </remarks>
public sealed record IpoLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"squared distance of the margin from {1 / (2 * Beta)} (β = {Beta})") + Measured;

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        return Expression.Power(Margin(chosen, rejected) - 1 / (2 * BetaSymbol), 2);
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(Expression chosen, Expression rejected)
    {
        var (margin, goal) = (chosen - rejected, 1 / (2 * BetaSymbol));
        return
        [
            Sentence.If(
                margin <= goal,
                $"The margin shall be {goal} and is {margin}: it lacks {goal - margin}, and the push grows with what is lacking."
            ),
            Sentence.Otherwise(
                $"The margin shall be {goal} and is {margin}: it has gone too far by {margin - goal}, so the pair is pushed back together."
            ),
        ];
    }
}
