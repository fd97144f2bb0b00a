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

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        var tau = Expression.Define(new("τ", token.Advantage is DefinitionNode a ? a.Symbol.Index : "it"), Expression.Cases(Expression.Relation(token.Advantage, ">", 0),
            Expression.Setting(new("τ", "", "pos"), TauPositive, "sharpness of the gate for A > 0"),
            Expression.Setting(new("τ", "", "neg"), TauNegative, "sharpness of the gate for A ≤ 0")), "sharpness of the gate");
        return token.Advantage * (4 / tau) * Expression.Sigmoid(tau * (token.Ratio - 1));
    }

    internal override string Outcome(in TokenState token, in TokenTerm term) =>
        $"The soft gate lets {NumberText.Rounded(token.Advantage == 0 ? 0 : 100 * term.Slope / token.Advantage)} % of the advantage through at r = {NumberText.Rounded(token.Ratio)} (100 % at r = 1).";
}
