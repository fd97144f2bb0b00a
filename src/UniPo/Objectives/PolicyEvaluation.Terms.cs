namespace UniPo;

// The terms beside the policy's own: what is gained by staying undecided, what the critic loses.
internal sealed partial class PolicyEvaluation
{
    private TokenColumn? EntropyBonus()
    {
        if (_objective.Entropy is not { Coefficient: > 0 } bonus)
            return null;
        var entropies =
            _batch.Entropies
            ?? throw new ArgumentException(
                "An entropy bonus needs Entropies, but the batch has none. Score the batch with them, or set Entropy = null."
            );
        var weights = New();
        AggregationFactors.Fill(bonus.Aggregation ?? _objective.Aggregation, _layout, _credited.Totals, weights);
        for (var i = 0; i < weights.Length; i++)
            weights[i] *= bonus.Coefficient;
        if (bonus.KeptTokensOnly)
            new Filters { TopEntropy = _objective.Filters.TopEntropy }.Silence(
                _batch,
                _advantages.Values,
                _credited.Totals.EntropyThreshold,
                weights
            );
        for (var i = 0; i < weights.Length; i++)
            if (weights[i] != 0)
                _objectiveValue += weights[i] * entropies.Values[i];
        return new TokenColumn(_layout, weights);
    }

    private TokenColumn? ValueLoss()
    {
        if (_objective.Value is not { } loss)
            return null;
        if (_batch.Values is not { } values || _batch.OldValues is not { } old || _credited.ValueTargets is not { } targets)
            throw new ArgumentException(
                "A value loss needs Values, OldValues and an advantage with value targets (GAE). Use a policy with a value head, or set Value = null."
            );
        var (weights, held) = (New(), 0);
        var factors = loss.Aggregation is null ? _rowFactors : RowFactors(loss.Aggregation);
        for (var row = 0; row < _layout.Responses; row++)
        {
            var inRow = Row(weights, row);
            inRow.Fill(factors[row]);
            Masked.Clear(_layout.RowMask(row), inRow);
            var (lost, clipped) = loss.Apply(values.Row(row), old.Row(row), targets.Row(row), inRow);
            _objectiveValue -= lost;
            held += clipped;
        }
        _valueClipFraction = (double)held / Math.Max(_layout.ActiveTokens, 1);
        return new TokenColumn(_layout, weights);
    }
}
