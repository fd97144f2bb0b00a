using UniPo.Numerics;

namespace UniPo;

/// <summary>DRO: A·log π − β/2·(log r)², a square that pulls the policy back instead of a clip that lets go.</summary>
/// <remarks>Richemond et al. 2024, "Offline regularised reinforcement learning for large language models alignment"; verl <c>dro</c>.</remarks>
public sealed record DroPenalty : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"a square of the log-ratio pulls back, β = {Beta}");

    /// <summary>β, per nat²; at least 0. Default 0.1.</summary>
    public double Beta { get; init => field = Require.NotNegative(value, "DroPenalty.Beta"); } = 0.1;

    /// <inheritdoc/>
    public override bool ThroughRatio => false;

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var moved = token.LogProb - token.OldLogProb;
        return new TokenTerm(token.Advantage * token.LogProb - Beta / 2 * moved * moved, token.Advantage - Beta * moved);
    }
}
