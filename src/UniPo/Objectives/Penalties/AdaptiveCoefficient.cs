using UniPo.Numerics;

namespace UniPo;

/// <summary>β ← β·(1 + clip(KL/target − 1, ±0.2)·responses/horizon): a KL above its target makes the penalty dearer.</summary>
/// <remarks>
/// Ziegler et al. 2019, "Fine-tuning language models from human preferences", section 2.2; verl <c>AdaptiveKLController</c>,
/// OpenRLHF.
/// </remarks>
public sealed record AdaptiveCoefficient
{
    /// <summary>The KL to hold, in nats; above 0. Default 0.1, verl's.</summary>
    public double Target
    {
        get;
        init => field = Require.Positive(value, "AdaptiveCoefficient.Target");
    } = 0.1;

    /// <summary>Responses after which a KL that is 20 % off has changed β by 20 %; above 0. Default 10000.</summary>
    public double Horizon
    {
        get;
        init => field = Require.Positive(value, "AdaptiveCoefficient.Horizon");
    } = 10_000;

    /// <summary>The next β.</summary>
    /// <param name="coefficient">β.</param>
    /// <param name="kl">Measured KL, in nats.</param>
    /// <param name="responses">Responses since the last change.</param>
    public double Next(double coefficient, double kl, double responses) =>
        coefficient * (1 + Math.Clamp(kl / Target - 1, -0.2, 0.2) * responses / Horizon);

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(AdaptiveCoefficient), PrintMembers);
}
