namespace UniPo;

/// <summary>The Fisher matrix of a policy over given states, known by what it does to a vector.</summary>
/// <remarks>
/// F = Σ_t weight_t · Σ_a π(a) ∇log π(a) ∇log π(a)ᵀ is also the Hessian of the mean KL(π_old ‖ π_θ) at θ = θ_old, so vᵀFv/2 says
/// how far a small move v changes the distributions. F·v is computed in two halves: J·v, how every log-probability changes along
/// v (a central difference of two forward passes), then Jᵀ·(π ∘ J·v), one backward pass. The sum over all symbols is exact, not
/// sampled.
/// </remarks>
public sealed class FisherProduct
{
    /// <summary>
    /// Length of the move on each side of the difference: long enough to stand out from single precision, short enough to be
    /// straight.
    /// </summary>
    private const double Reach = 0.03;

    private readonly ITrainablePolicy _policy;
    private readonly TokenSequences _sequences;
    private readonly double _temperature;
    private readonly double[] _weights,
        _logProbs;
    private readonly float[] _origin;
    private readonly int _symbols;

    /// <summary>The Fisher matrix at the policy's present parameters.</summary>
    /// <param name="policy">Its parameters are moved and put back during a product; its gradient is overwritten.</param>
    /// <param name="sequences">The states: one before each response token.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    /// <param name="weights">[ΣT] share of each state, at least 0; 1/N for the mean over N active tokens, 0 for masked
    /// ones.</param>
    /// <exception cref="ArgumentException">The policy does not know whole distributions, or the weights do not match.</exception>
    public FisherProduct(ITrainablePolicy policy, TokenSequences sequences, double temperature, ReadOnlySpan<double> weights)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(sequences);
        if (weights.Length != sequences.Layout.Tokens)
            throw new ArgumentException(
                $"The Fisher matrix needs one weight for each of the {sequences.Layout.Tokens} tokens, but {weights.Length} were given."
            );
        (_policy, _sequences, _temperature, _symbols) = (policy, sequences, temperature, policy.Tokenizer.Count);
        _weights = weights.ToArray();
        _origin = [.. policy.Parameters.Values];
        _logProbs = Distributions();
    }

    /// <summary>F·v.</summary>
    /// <param name="vector">[N] any direction.</param>
    /// <returns>[N]</returns>
    public double[] Times(double[] vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        var parameters = _policy.Parameters;
        var length = Math.Sqrt(vector.Sum(v => v * v));
        if (length == 0)
            return new double[vector.Length];
        var slopes = AlongVector(vector, Reach / length);
        for (var i = 0; i < slopes.Length; i++)
            slopes[i] *= Math.Exp(_logProbs[i]) * _weights[i / _symbols];

        _origin.CopyTo(parameters.Values, 0);
        Array.Clear(parameters.Gradient);
        Pass().BackwardDistributions(slopes);
        double[] product = [.. parameters.Gradient.Select(g => (double)g)];
        Array.Clear(parameters.Gradient);
        return product;
    }

    /// <summary>
    /// How far the policy has moved from where this matrix was taken: Σ_t weight_t · KL(π_old ‖ π_now), exact, in nats, ≥ 0.
    /// </summary>
    public double Divergence()
    {
        var now = Distributions();
        var sum = 0.0;
        for (var i = 0; i < now.Length; i++)
        {
            var p = Math.Exp(_logProbs[i]);
            if (p > 0)
                sum += _weights[i / _symbols] * p * (_logProbs[i] - now[i]);
        }
        return Math.Max(sum, 0); // rounding may leave a divergence of nothing just below 0
    }

    /// <summary>[ΣT × V] J·v: the slope of every log-probability along the vector.</summary>
    private double[] AlongVector(double[] vector, double step)
    {
        var ahead = At(vector, step);
        var behind = At(vector, -step);
        for (var i = 0; i < ahead.Length; i++)
            ahead[i] = (ahead[i] - behind[i]) / (2 * step);
        return ahead;
    }

    private double[] At(double[] vector, double step)
    {
        var values = _policy.Parameters.Values;
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(_origin[i] + step * vector[i]);
        var logProbs = Distributions();
        _origin.CopyTo(values, 0);
        return logProbs;
    }

    private double[] Distributions()
    {
        var logProbs = new double[_sequences.Layout.Tokens * _symbols];
        Pass().Distributions(logProbs);
        return logProbs;
    }

    private IDistributionPass Pass() =>
        _policy.Forward(_sequences, _temperature) as IDistributionPass
        ?? throw new ArgumentException(
            $"TRPO needs a policy whose forward pass gives whole distributions ({nameof(IDistributionPass)}), but {_policy.GetType().Name} does not."
        );
}
