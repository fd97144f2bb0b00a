namespace UniPo.Interactive;

/// <summary>What the tokens of a <see cref="TokenTable"/> are coloured by.</summary>
public enum TokenColour
{
    /// <summary>w = ∂J/∂log π: how hard the token's log-probability is pushed, and in which direction.</summary>
    Weight,

    /// <summary>The token's term of the objective before aggregation. Its sign is not the direction of the push.</summary>
    Objective,

    /// <summary>log π under the current policy, in nats.</summary>
    LogProb,

    /// <summary>π under the current policy, in [0, 1].</summary>
    Probability,

    /// <summary>Importance ratio π_θ/π_old; 1 is neutral.</summary>
    Ratio,

    /// <summary>Advantage A.</summary>
    Advantage,

    /// <summary>KL penalty against the reference, in nats.</summary>
    Kl,

    /// <summary>Entropy of the next-token distribution, in nats.</summary>
    Entropy,

    /// <summary>Value estimate V of the state before the token.</summary>
    Value,
}
