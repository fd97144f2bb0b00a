namespace UniPo;

/// <summary>One forward pass over a batch. Valid until the next pass of the same policy.</summary>
public interface IForwardPass : IDisposable
{
    /// <summary>[ΣT] log π(token | prompt, earlier tokens) in nats.</summary>
    ReadOnlySpan<double> LogProbs { get; }

    /// <summary>[ΣT] entropy of each next-token distribution in nats. Best computed when first asked for.</summary>
    ReadOnlySpan<double> Entropies { get; }

    /// <summary>[ΣT] value of the state before each token; empty without a value head.</summary>
    ReadOnlySpan<double> Values { get; }

    /// <summary>Adds Σ w ∇log π + Σ e ∇H + Σ v ∇V to the gradient: the direction in which the objective grows.</summary>
    /// <param name="weights">[ΣT] ∂J/∂log π of each token.</param>
    /// <param name="entropyWeights">[ΣT] ∂J/∂H; empty for none.</param>
    /// <param name="valueWeights">[ΣT] ∂J/∂V; empty for none.</param>
    void Backward(
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> entropyWeights = default,
        ReadOnlySpan<double> valueWeights = default
    );

    /// <summary>Releases what was kept for <see cref="Backward"/>. By default there is nothing to release.</summary>
    void IDisposable.Dispose() { }
}

/// <summary>
/// A forward pass that also knows the whole distribution before each token: what exact divergences and TRPO's Fisher matrix need.
/// </summary>
public interface IDistributionPass : IForwardPass
{
    /// <summary>Log-probabilities of every symbol, not only of the token that was chosen.</summary>
    /// <param name="logProbs">[ΣT × V] receives log π(symbol | prompt, earlier tokens) in nats, token after token.</param>
    void Distributions(Span<double> logProbs);

    /// <summary>Adds Σ_t Σ_a w_ta ∇log π(a | before t) to the gradient.</summary>
    /// <param name="weights">[ΣT × V] ∂J/∂log π of every symbol before each token; finite.</param>
    void BackwardDistributions(ReadOnlySpan<double> weights);
}
