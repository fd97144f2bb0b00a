using System.Runtime.Intrinsics;
using UniPo.Numerics;

namespace UniPo;

/// <summary>SAPO: A·(4/τ)·σ(τ(r − 1)), a soft gate instead of a hard clip; τ depends on the sign of A.</summary>
/// <remarks>
/// Qwen team 2025, "Soft adaptive policy optimization"; verl, TRL and SkyRL agree. At r = 1 its slope is A, as PPO's; its value
/// is 2A/τ, so losses of SAPO and PPO cannot be compared, only their gradients.
/// </remarks>
public sealed record SapoGate : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant($"soft gate, τ = {TauPositive} for good tokens, {TauNegative} for bad ones");

    /// <summary>τ for A &gt; 0; above 0. Default 1.</summary>
    public double TauPositive
    {
        get;
        init => field = Require.Positive(value, "SapoGate.TauPositive");
    } = 1;

    /// <summary>τ for A ≤ 0; above 0. Default 1.05: bad tokens are let go a little earlier.</summary>
    public double TauNegative
    {
        get;
        init => field = Require.Positive(value, "SapoGate.TauNegative");
    } = 1.05;

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        var tau = Tau(token);
        return token.Advantage * (4 / tau) * Expression.Sigmoid(tau * (token.Ratio - 1));
    }

    private Expression Tau(TokenSymbols token) =>
        Expression.Define(
            new("τ", token.Advantage is DefinitionNode a ? a.Symbol.Index : "it"),
            Expression.Cases(
                Expression.Relation(token.Advantage, ">", 0),
                Expression.Setting("τ_pos", TauPositive, "sharpness of the gate for A > 0"),
                Expression.Setting("τ_neg", TauNegative, "sharpness of the gate for A ≤ 0")
            ),
            "sharpness of the gate"
        );

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token)
    {
        var tau = Tau(token);
        var gate = Expression.Sigmoid(tau * (token.Ratio - 1));
        return
        [
            Sentence.If(Expression.Relation(token.Advantage, "=", 0), $"A = 0: nothing is pushed."),
            Sentence.Otherwise(
                $"The soft gate lets {400 * gate * (1 - gate) * token.Ratio} % of the advantage through at r = {token.Ratio} (100 % at r = 1)."
            ),
        ];
    }
}
