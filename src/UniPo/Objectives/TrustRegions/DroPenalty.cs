using UniPo.Numerics;

namespace UniPo;

/// <summary>DRO: A·log π − β/2·(log r)², a square that pulls the policy back instead of a clip that lets go.</summary>
/// <remarks>
/// Richemond et al. 2024, "Offline regularised reinforcement learning for large language models alignment"; verl <c>dro</c>.
/// </remarks>
public sealed record DroPenalty : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"a square of the log-ratio pulls back, β = {Beta}");

    /// <summary>β, per nat²; at least 0. Default 0.1.</summary>
    public double Beta
    {
        get;
        init => field = Require.NotNegative(value, "DroPenalty.Beta");
    } = 0.1;

    private Expression BetaSymbol => Expression.Setting("β_old", Beta, "strength of the pull towards the old policy");

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) =>
        token.Advantage * token.LogProb - BetaSymbol / 2 * Expression.Power(token.LogProb - token.OldLogProb, 2);

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) =>
        [
            Sentence.Otherwise(
                $"The advantage pushes by {token.Advantage}, the distance from the old policy pulls back by {BetaSymbol * (token.LogProb - token.OldLogProb)}."
            ),
        ];
}
