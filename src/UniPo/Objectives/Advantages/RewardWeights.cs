namespace UniPo;

/// <summary>R_i = Σ_k weight_k · R_ik: several rewards of a response become one.</summary>
/// <remarks>
/// A part that is NaN does not apply to the response and is left out of the sum. A response without any part that applies is
/// unscorable: it stays out of every mean and its advantage is 0. TRL <c>reward_weights</c>.
/// </remarks>
public sealed record RewardWeights
{
    private readonly double[] _weights;

    /// <summary>One weight for each of <see cref="Response.RewardParts"/>.</summary>
    /// <param name="weights">[K] finite numbers; none to weigh all parts by 1.</param>
    public RewardWeights(params double[] weights)
    {
        foreach (var weight in weights)
            Numerics.Require.That(weight, double.IsFinite(weight), "A weight of RewardWeights", "be finite");
        _weights = [.. weights];
    }

    /// <summary>[K] the weights; empty when all are 1.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>The reward of one response; NaN when no part applies to it.</summary>
    /// <param name="parts">[K] its rewards.</param>
    /// <exception cref="ArgumentException">There is not one weight for each part.</exception>
    public double Sum(IReadOnlyList<double> parts)
    {
        if (_weights.Length > 0 && _weights.Length != parts.Count)
            throw new ArgumentException(
                $"There are {_weights.Length} reward weights, but a response has {parts.Count} reward parts; each part needs one."
            );
        var sum = double.NaN;
        for (var k = 0; k < parts.Count; k++)
            if (!double.IsNaN(parts[k]))
                sum = (double.IsNaN(sum) ? 0 : sum) + Weight(k) * parts[k];
        return sum;
    }

    internal double Weight(int part) => _weights.Length == 0 ? 1 : _weights[part];

    /// <summary>True when the weights are the same numbers.</summary>
    public bool Equals(RewardWeights? other) => other is not null && _weights.AsSpan().SequenceEqual(other._weights);

    /// <inheritdoc/>
    public override int GetHashCode() => _weights.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(RewardWeights), PrintMembers);
}
