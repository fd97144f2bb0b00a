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
        var (weights, factors) = (New(), FactorsOf(bonus.Aggregation));
        for (var row = 0; row < _layout.Responses; row++)
            Share(weights, row, factors[row] * bonus.Coefficient);
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
        var (weights, factors, held) = (New(), FactorsOf(loss.Aggregation), 0);
        for (var row = 0; row < _layout.Responses; row++)
        {
            Share(weights, row, factors[row]);
            var (lost, clipped) = loss.Apply(values.Row(row), old.Row(row), targets.Row(row), Row(weights, row));
            _objectiveValue -= lost;
            held += clipped;
        }
        _valueClipFraction = (double)held / Math.Max(_layout.ActiveTokens, 1);
        return new TokenColumn(_layout, weights);
    }

    /// <summary>The factors of a term with an aggregation of its own, or null for that of the policy term.</summary>
    private double[] FactorsOf(Aggregation? own) => own is null ? _rowFactors : RowFactors(own);

    /// <summary>One number for all tokens of a response that count.</summary>
    private void Share(double[] column, int row, double share)
    {
        Row(column, row).Fill(share);
        Masked.Clear(_layout.RowMask(row), Row(column, row));
    }
}
