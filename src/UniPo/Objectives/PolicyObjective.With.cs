namespace UniPo;

public sealed partial record PolicyObjective
{
    /// <summary>The same objective with other parts, for languages without <c>with</c> expressions.</summary>
    /// <remarks>F#: <c>Algorithms.Grpo.With(trustRegion = Clip.Symmetric 0.1, kl = Kl.None)</c>. What is left out stays.</remarks>
    /// <param name="name">Its name.</param>
    /// <param name="advantage">How good a response (or token) was.</param>
    /// <param name="ratio">How far the policy has moved since sampling.</param>
    /// <param name="trustRegion">What happens when it moved too far.</param>
    /// <param name="aggregation">How tokens of long and short responses share the update.</param>
    /// <param name="kl">What keeps the policy near the reference.</param>
    /// <param name="entropy">Reward for staying undecided.</param>
    /// <param name="value">How the critic learns.</param>
    /// <param name="correction">What makes up for the sampler's error.</param>
    /// <param name="filters">Which responses and tokens are left out.</param>
    /// <param name="sampling">How responses are sampled and how often they are used.</param>
    /// <param name="step">How the gradient becomes a change of the parameters.</param>
    public PolicyObjective With(
        string? name = null,
        Advantage? advantage = null,
        Ratio? ratio = null,
        TrustRegion? trustRegion = null,
        Aggregation? aggregation = null,
        Kl? kl = null,
        EntropyBonus? entropy = null,
        ValueLoss? value = null,
        SamplerCorrection? correction = null,
        Filters? filters = null,
        SamplingPlan? sampling = null,
        StepRule? step = null
    ) =>
        this with
        {
            Name = name ?? Name,
            Advantage = advantage ?? Advantage,
            Ratio = ratio ?? Ratio,
            Clip = trustRegion ?? Clip,
            Aggregation = aggregation ?? Aggregation,
            Kl = kl ?? Kl,
            Entropy = entropy ?? Entropy,
            Value = value ?? Value,
            Correction = correction ?? Correction,
            Filters = filters ?? Filters,
            Sampling = sampling ?? Sampling,
            Step = step ?? Step,
        };
}
