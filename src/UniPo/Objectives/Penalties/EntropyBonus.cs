using UniPo.Numerics;

namespace UniPo;

/// <summary>J gains c·H of every token's distribution: a reward for staying undecided.</summary>
/// <remarks>
/// Williams and Peng 1991; verl <c>entropy_coeff</c>, TRL <c>entropy_coef</c>. Trainers of language models leave it at 0 by
/// default.
/// </remarks>
public sealed record EntropyBonus
{
    /// <summary>c, at least 0, per nat.</summary>
    public double Coefficient
    {
        get;
        init => field = Require.NotNegative(value, "EntropyBonus.Coefficient");
    }

    /// <summary>True when only tokens that <see cref="Filters.TopEntropy"/> keeps get the bonus (TRL). Default false.</summary>
    public bool KeptTokensOnly { get; init; }

    /// <summary>
    /// How entropies are aggregated; null for the way of the policy term. TRL always takes the mean over tokens.
    /// </summary>
    public Aggregation? Aggregation { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Coefficient} per nat of entropy{(Aggregation is null ? "" : $", {Aggregation}")}");

    internal Expression Formula(Aggregation policys, Filters filters) =>
        Expression.Setting("c_H", Coefficient, "reward for one nat of entropy")
        * (Aggregation ?? policys).Formula(
            filters.TopEntropy is not null && KeptTokensOnly ? Filters.EntropyGate * Quantities.Entropy : Quantities.Entropy
        );
}
