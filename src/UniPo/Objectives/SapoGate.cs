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
    public override TokenTerm At(in TokenState token)
    {
        var tau = token.Advantage > 0 ? TauPositive : TauNegative;
        var gate = 1 / (1 + Math.Exp(-tau * (token.Ratio - 1)));
        return new TokenTerm(token.Advantage * 4 / tau * gate, token.Advantage * 4 * gate * (1 - gate) * token.Ratio);
    }

    internal override void Apply(in TokenSpans tokens, Span<double> values, Span<double> slopes, Span<ClipSide> sides)
    {
        var whole = values.Length - values.Length % Vector256<double>.Count;
        for (var i = 0; i < whole; i += Vector256<double>.Count) // the exponents τ·(1 − r) of all gates first, then their exponentials in one go
            (Tau(tokens, i) * (Vector256<double>.One - Vector256.Create(tokens.Ratio[i..]))).CopyTo(slopes[i..]);
        Exponential.Apply(slopes[..whole]);
        for (var i = 0; i < whole; i += Vector256<double>.Count)
        {
            var gate = Vector256<double>.One / (Vector256<double>.One + Vector256.Create<double>(slopes[i..]));
            var open = Vector256.Create(tokens.Advantage[i..]) * 4 * gate;
            (open / Tau(tokens, i)).CopyTo(values[i..]);
            (open * (Vector256<double>.One - gate) * Vector256.Create(tokens.Ratio[i..])).CopyTo(slopes[i..]);
        }
        base.Apply(tokens.From(whole), values[whole..], slopes[whole..], sides[whole..]);
    }

    private Vector256<double> Tau(in TokenSpans tokens, int token) =>
        Vector256.ConditionalSelect(
            Vector256.GreaterThan(Vector256.Create(tokens.Advantage[token..]), Vector256<double>.Zero),
            Vector256.Create(TauPositive),
            Vector256.Create(TauNegative)
        );

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token)
    {
        var tau = Expression.Define(
            new("τ", token.Advantage is DefinitionNode a ? a.Symbol.Index : "it"),
            Expression.Cases(
                Expression.Relation(token.Advantage, ">", 0),
                Expression.Setting(new("τ", "", "pos"), TauPositive, "sharpness of the gate for A > 0"),
                Expression.Setting(new("τ", "", "neg"), TauNegative, "sharpness of the gate for A ≤ 0")
            ),
            "sharpness of the gate"
        );
        return token.Advantage * (4 / tau) * Expression.Sigmoid(tau * (token.Ratio - 1));
    }

    internal override string Outcome(in TokenState token, in TokenTerm term) =>
        $"The soft gate lets {NumberText.Rounded(token.Advantage == 0 ? 0 : 100 * term.Slope / token.Advantage)} % of the advantage through at r = {NumberText.Rounded(token.Ratio)} (100 % at r = 1).";
}
