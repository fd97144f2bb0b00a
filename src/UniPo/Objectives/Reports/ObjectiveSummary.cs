namespace UniPo;

/// <summary>An evaluated objective in a few numbers; null where a number has no meaning for it.</summary>
public sealed record ObjectiveSummary
{
    /// <summary>The objective J that is maximised, KL penalty and bonuses included.</summary>
    public required double Objective { get; init; }

    /// <summary>The loss −J, as trainers log it.</summary>
    public double Loss => -Objective;

    /// <summary>Share of active tokens on which a bound bites, in [0, 1].</summary>
    public double? ClipFraction { get; init; }

    /// <summary>Share of active tokens stopped at the lower bound, in [0, 1].</summary>
    public double? ClipFractionLow { get; init; }

    /// <summary>Share of active tokens stopped at the upper bound, in [0, 1].</summary>
    public double? ClipFractionHigh { get; init; }

    /// <summary>Mean KL penalty per active token, in nats, before its coefficient.</summary>
    public double? Kl { get; init; }

    /// <summary>
    /// Mean of log π_old − log π_θ over active tokens, in nats: how far the policy moved, as k1 estimates it. Trainers log it as
    /// <c>ppo_kl</c>.
    /// </summary>
    public double? KlToOld { get; init; }

    /// <summary>Share of active tokens whose value estimate is held by the value loss's clip, in [0, 1].</summary>
    public double? ValueClipFraction { get; init; }

    /// <summary>Mean of the ratio over active tokens.</summary>
    public double? RatioMean { get; init; }

    /// <summary>Smallest ratio of an active token.</summary>
    public double? RatioMin { get; init; }

    /// <summary>Largest ratio of an active token.</summary>
    public double? RatioMax { get; init; }

    /// <summary>Share of groups whose responses all have the same advantage of 0: they teach nothing. In [0, 1].</summary>
    public double? SilentGroups { get; init; }

    /// <summary>Share of active tokens whose weight is exactly 0, in [0, 1].</summary>
    public required double TokensWithoutGradient { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(ObjectiveSummary), PrintMembers);
}
