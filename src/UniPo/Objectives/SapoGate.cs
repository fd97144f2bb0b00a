using UniPo.Numerics;

namespace UniPo;

/// <summary>SAPO: A·(4/τ)·σ(τ(r − 1)), a soft gate instead of a hard clip; τ depends on the sign of A.</summary>
/// <remarks>
/// Qwen team 2025, "Soft adaptive policy optimization"; verl, TRL and SkyRL agree. At r = 1 its slope is A, as PPO's; its value is 2A/τ,
/// so losses of SAPO and PPO cannot be compared, only their gradients.
/// </remarks>
public sealed record SapoGate : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"soft gate, τ = {TauPositive} for good tokens, {TauNegative} for bad ones");

    /// <summary>τ for A &gt; 0; above 0. Default 1.</summary>
    public double TauPositive { get; init => field = Require.Positive(value, "SapoGate.TauPositive"); } = 1;

    /// <summary>τ for A ≤ 0; above 0. Default 1.05: bad tokens are let go a little earlier.</summary>
    public double TauNegative { get; init => field = Require.Positive(value, "SapoGate.TauNegative"); } = 1.05;

    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var tau = token.Advantage > 0 ? TauPositive : TauNegative;
        var gate = 1 / (1 + Math.Exp(-tau * (token.Ratio - 1)));
        return new TokenTerm(token.Advantage * 4 / tau * gate, token.Advantage * 4 * gate * (1 - gate) * token.Ratio);
    }
}
