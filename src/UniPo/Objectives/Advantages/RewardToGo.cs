using UniPo.Numerics;

namespace UniPo;

/// <summary>A_it = Σ_{s ≥ t} γ^(s − t)·r_is: a token is responsible for what follows it, not for what came before.</summary>
/// <remarks>
/// Sutton and Barto 2018, section 13.3; verl <c>reinforce_plus_plus</c> (with whitening), OpenRLHF <c>reinforce</c>. With one
/// reward at the end and γ = 1 every token gets R_i. A masked token is passed over: it neither earns nor discounts.
/// </remarks>
public sealed record RewardToGo : Advantage
{
    /// <inheritdoc/>
    public override string InWords =>
        (
            Gamma == 1
                ? "sum of the rewards that follow"
                : FormattableString.Invariant($"discounted sum of the rewards that follow, γ = {Gamma}")
        ) + (Whiten is null ? "" : ", whitened");

    /// <summary>γ, in [0, 1]. Default 1.</summary>
    public double Gamma
    {
        get;
        init => field = Require.UnitInterval(value, "RewardToGo.Gamma");
    } = 1;

    /// <summary>
    /// True when a masked token cuts a response: tokens before it know nothing of the rewards after it (verl until 2026). Default
    /// false.
    /// </summary>
    public bool StopAtMasked { get; init; }

    /// <inheritdoc/>
    public override Expression Formula(RewardSymbols reward) =>
        Whitened(ToGo(StopAtMasked ? Over.UntilMasked : Over.ThisAndLaterTokens, reward.PerToken, Gamma, Quantities.TokensLater));

    /// <summary>Σ_{s≥t} γ^(s − t) of something per token.</summary>
    internal static Expression ToGo(IndexRange range, Expression body, double gamma, Quantity later)
    {
        if (gamma == 1)
            return Expression.Sum(range, body);
        return Expression.Sum(
            range,
            Expression.Power(Expression.Setting("γ", gamma, "how much a reward one token later counts"), later) * body
        );
    }
}
