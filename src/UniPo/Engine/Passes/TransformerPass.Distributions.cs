namespace UniPo.Engine;

/// <summary>
/// Whole distributions: every symbol's log-probability before each token, and the way back from weights on all of them.
/// </summary>
internal sealed unsafe partial class TransformerPass
{
    private double[] _symbolWeights = [];

    public void Distributions(Span<double> logProbs)
    {
        if (logProbs.Length != Tokens * _shape.Vocabulary)
            throw new ArgumentException(
                $"There are {Tokens} tokens and {_shape.Vocabulary} symbols, so {Tokens * _shape.Vocabulary} places are needed, but there were {logProbs.Length}."
            );
        for (var token = 0; token < Tokens; token++)
        {
            var row = _rows.Predictors[token];
            var z = _activations!.Logits(row); // shifted by their maximum already
            for (var symbol = 0; symbol < _shape.Vocabulary; symbol++)
                logProbs[(token * _shape.Vocabulary) + symbol] = z[symbol] - _rowLogSums[row];
        }
    }

    public void BackwardDistributions(ReadOnlySpan<double> weights)
    {
        if (weights.Length != Tokens * _shape.Vocabulary)
            throw new ArgumentException(
                $"There are {Tokens} tokens and {_shape.Vocabulary} symbols, so {Tokens * _shape.Vocabulary} weights are needed, but {weights.Length} were given."
            );
        foreach (var weight in weights)
            if (!double.IsFinite(weight))
                throw new ArgumentException(FormattableString.Invariant($"Weights must be finite, but one was {weight}."));
        (_symbolWeights, _valueWeights) = (weights.ToArray(), []);
        RunBackward();
    }

    private void LogitGradientOf(SequenceRows.Segment segment, SequenceRows.RowBlock block, float* gradient)
    {
        if (_symbolWeights.Length > 0)
            DistributionGradient(segment, block, gradient);
        else
            LogitGradient(segment, block, gradient);
    }

    /// <summary>With p = softmax(z): Σ_a w_a ∂log p_a/∂z = w − p·Σw.</summary>
    private void DistributionGradient(SequenceRows.Segment segment, SequenceRows.RowBlock block, float* gradient)
    {
        var (first, end) = TokensOf(segment);
        for (var token = first; token < end; token++)
        {
            var row = _rows.Predictors[token];
            var weights = _symbolWeights.AsSpan(token * _shape.Vocabulary, _shape.Vocabulary);
            var sum = 0.0;
            foreach (var weight in weights)
                sum += weight;
            var z = _activations!.Logits(row);
            var target = gradient + ((row - block.Row) * (long)_shape.LogitStride);
            for (var symbol = 0; symbol < weights.Length; symbol++)
                target[symbol] += (float)(
                    _inverseTemperature * (weights[symbol] - (Math.Exp(z[symbol] - _rowLogSums[row]) * sum))
                );
        }
    }
}
