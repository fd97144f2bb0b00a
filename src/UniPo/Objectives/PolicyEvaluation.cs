using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// Evaluates a <see cref="PolicyObjective"/>: every step is one method, in the order in which they are explained.
/// </summary>
/// <remarks>
/// Steps run response by response, so that a response's numbers stay in the processor's cache from the first step to the last.
/// </remarks>
internal sealed partial class PolicyEvaluation
{
    private readonly PolicyObjective _objective;
    private readonly CreditedBatch _credited;
    private readonly RolloutBatch _batch;
    private readonly TokenLayout _layout;
    private readonly TokenColumn _advantages;
    private readonly SummaryTally _tally;
    private readonly double[] _terms,
        _weights,
        _rowAdvantages,
        _rowFactors;
    private readonly double[]? _ratio,
        _kl;
    private readonly double[] _klSlopes = [],
        _klFactors = [];
    private readonly ClipSide[]? _sides;
    private double _objectiveValue;
    private double? _valueClipFraction;

    public PolicyEvaluation(PolicyObjective objective, CreditedBatch credited)
    {
        (_objective, _credited, _batch, _layout) = (objective, credited, credited.Batch, credited.Batch.Layout);
        _advantages =
            credited.Advantages
            ?? throw new ArgumentException($"{objective.Name} needs advantages; let its own Credit prepare the batch.");
        if (objective.Ratio is NoRatio && objective.Clip is not NoTrustRegion)
            throw new ArgumentException(
                $"A trust region ({objective.Clip.GetType().Name}) bounds a ratio, but Ratio is None. Set Ratio = Ratio.Token, or Clip = Clip.None."
            );
        (_terms, _weights, _rowFactors) = (New(), New(), RowFactors(objective.Aggregation));
        (_tally, _rowAdvantages) = (new SummaryTally(_layout), new double[_layout.MaxLength]);
        _ratio = objective.Ratio is NoRatio ? null : New();
        if (objective.Kl is KlInLoss kl)
        {
            (_kl, _klSlopes) = (New(), new double[_layout.MaxLength]);
            _klFactors = FactorsOf(kl.Aggregation);
        }
        _sides = objective.Clip is NoTrustRegion ? null : new ClipSide[_layout.Tokens];
    }

    private double[] RowFactors(Aggregation aggregation)
    {
        var factors = new double[_layout.Responses];
        aggregation.Factors(_layout, _credited.Totals, factors);
        return factors;
    }

    private double[] New() => GC.AllocateUninitializedArray<double>(_layout.Tokens);

    public TokenReport Run()
    {
        if (LooksAtTheBatch)
        {
            for (var row = 0; row < _layout.Responses; row++)
                Terms(row);
            if (_sides is not null && _objective.Clip.LooksAtTheBatch)
                _objective.Clip.Revise(_batch, _advantages.Values, _terms, _weights, _sides);
            Gate();
        }
        for (var row = 0; row < _layout.Responses; row++)
        {
            if (!LooksAtTheBatch)
                Terms(row);
            Weigh(row);
            Count(row);
        }
        var entropy = EntropyBonus();
        var value = ValueLoss();
        if (!double.IsFinite(_objectiveValue))
            throw new ArithmeticException(
                FormattableString.Invariant(
                    $"The objective of {_objective.Name} came out as {_objectiveValue}; log-probabilities, rewards and advantages must be finite and of reasonable size."
                )
            );
        return Report(entropy, value);
    }

    // Most objectives finish a response before they look at the next; a few must know all terms first.
    private bool LooksAtTheBatch => _objective.Clip.LooksAtTheBatch || Gates;

    private bool Gates =>
        _objective.Correction is not null || _objective.Filters is not { TopEntropy: null, OffPolicyLimit: null };

    private Span<double> Row(double[] column, int row) => column.AsSpan(_layout.RowStarts[row], _layout.Length(row));

    /// <summary>Each token's term of the objective and its slope, before aggregation.</summary>
    private void Terms(int row)
    {
        Span<double> values = Row(_terms, row),
            slopes = Row(_weights, row);
        ReadOnlySpan<double> now = _batch.LogProbs.Row(row),
            advantage = _advantages.Row(row, _rowAdvantages);
        if (_ratio is null)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = advantage[i] * now[i]; // without a ratio the term is A·log π,
            advantage.CopyTo(slopes); // and its slope is A
        }
        else
        {
            var sides = _sides is null ? default : _sides.AsSpan(_layout.RowStarts[row], values.Length);
            Ratios(row, advantage, sides);
            var tokens = new TokenSpans
            {
                Ratio = Row(_ratio, row),
                Advantage = advantage,
                LogProb = now,
                OldLogProb = _batch.OldLogProbs.Row(row),
            };
            _objective.Clip.Apply(tokens, values, slopes, _objective.Clip.BoundsLogRatios ? default : sides);
            if (!sides.IsEmpty)
                Masked.Clear(_layout.RowMask(row), sides);
        }
        Masked.Clear(_layout.RowMask(row), values);
        Masked.Clear(_layout.RowMask(row), slopes);
    }

    /// <summary>r = exp(pooled (log π_θ − log π_old)); 1 on masked tokens.</summary>
    private void Ratios(int row, ReadOnlySpan<double> advantage, Span<ClipSide> sides)
    {
        var ratio = Row(_ratio!, row);
        ReadOnlySpan<double> now = _batch.LogProbs.Row(row),
            old = _batch.OldLogProbs.Row(row);
        DoubleKernels.Subtract(now, old, ratio);
        Masked.Clear(_layout.RowMask(row), ratio);
        _objective.Clip.BoundLogRatios(_layout.ActiveInRow[row], ratio, advantage, sides);
        _objective.Ratio.Pool(_layout.ActiveInRow[row], ratio);
        Masked.Clear(_layout.RowMask(row), ratio);
        Exponential.Apply(ratio);
    }

    /// <summary>Filters and corrections multiply the policy term by a constant, often 0.</summary>
    private void Gate()
    {
        if (!Gates)
            return;
        var filters = _objective.Filters;
        var gates = _objective.Correction?.Factors(_batch) ?? [.. Enumerable.Repeat(1.0, _layout.Tokens)];
        filters.Silence(_batch, _advantages.Values, _credited.Totals.EntropyThreshold, gates);
        for (var i = 0; i < gates.Length; i++)
            if (_layout.IsActive(i))
                (_terms[i], _weights[i]) = (_terms[i] * gates[i], _weights[i] * gates[i]);
    }

    /// <summary>
    /// From the slope of each token's term to its weight: aggregation, the chain rule through the ratio, the KL penalty.
    /// </summary>
    private void Weigh(int row)
    {
        DoubleKernels.Scale(Row(_weights, row), _rowFactors[row]);
        if (_kl is not null)
            EstimateKl(row);
        ThroughTheRatio(row);
        if (_kl is not null)
            PenalizeKl(row);
        _objectiveValue += _rowFactors[row] * Masked.Sum(Row(_terms, row));
    }

    private void Count(int row)
    {
        _tally.AddDistance(row, _batch);
        _tally.AddWeights(row, Row(_weights, row));
        if (_ratio is not null)
            _tally.AddRatios(row, Row(_ratio, row));
        if (_sides is not null)
            _tally.AddSides(_sides.AsSpan(_layout.RowStarts[row], _layout.Length(row)));
        if (_kl is not null)
            _tally.AddKl(Row(_kl, row));
        else if (_credited.RewardKl is { } paid)
            _tally.AddKl(paid.Row(row));
    }

    /// <summary>From ∂J/∂(log ratio) to ∂J/∂log π: a shared ratio passes its slope on to all tokens of the response.</summary>
    private void ThroughTheRatio(int row)
    {
        if (_ratio is null || !_objective.Clip.ThroughRatio)
            return;
        var weights = Row(_weights, row);
        _objective.Ratio.Spread(_layout.ActiveInRow[row], Row(_ratio, row), weights);
        Masked.Clear(_layout.RowMask(row), weights);
        if (!_objective.Clip.BoundsLogRatios)
            return;
        for (var i = 0; i < weights.Length; i++)
            if (_sides![_layout.RowStarts[row] + i] != ClipSide.None)
                weights[i] = 0;
    }

    /// <summary>
    /// k of every token, and its slope; where k is multiplied by the ratio, the ratio's own slope joins that of the policy term.
    /// </summary>
    private void EstimateKl(int row)
    {
        var kl = (KlInLoss)_objective.Kl;
        Span<double> k = Row(_kl!, row),
            slopes = _klSlopes.AsSpan(0, k.Length);
        ReadOnlySpan<double> now = _batch.LogProbs.Row(row),
            reference = RolloutChecks.Reference(_batch).Row(row);
        DoubleKernels.Subtract(now, reference, k);
        Masked.Clear(_layout.RowMask(row), k);
        kl.Estimator.Estimate(k, slopes);
        if (kl.TimesRatio && _ratio is not null)
            KlTimesRatio(kl.Coefficient * _klFactors[row], Row(_ratio, row), k, slopes, Row(_weights, row));
        Masked.Clear(_layout.RowMask(row), k);
        Masked.Clear(_layout.RowMask(row), slopes);
    }

    private static void KlTimesRatio(
        double price,
        ReadOnlySpan<double> ratio,
        Span<double> k,
        Span<double> slopes,
        Span<double> weights
    )
    {
        for (var i = 0; i < k.Length; i++)
        {
            (k[i], slopes[i]) = (k[i] * ratio[i], slopes[i] * ratio[i]);
            weights[i] -= price * k[i]; // d(r·k) = r·dk + k·dr, and dr/d(log r) = r
        }
    }

    /// <summary>The weight of every token loses β·factor·k', the objective β·factor·k.</summary>
    private void PenalizeKl(int row)
    {
        var kl = (KlInLoss)_objective.Kl;
        Span<double> k = Row(_kl!, row),
            weights = Row(_weights, row),
            terms = Row(_terms, row);
        var price = kl.Coefficient * _klFactors[row];
        DoubleKernels.AddScaled(weights, -price, _klSlopes.AsSpan(0, k.Length));
        if (kl.Aggregation is not null)
            _objectiveValue -= price * Masked.Sum(k); // beside the tokens' terms
        else
            DoubleKernels.AddScaled(terms, -kl.Coefficient, k);
    }

    private TokenReport Report(TokenColumn? entropyWeights, TokenColumn? valueWeights)
    {
        return new TokenReport
        {
            Objective = _objective,
            Batch = _batch,
            Weight = new TokenColumn(_layout, _weights),
            Advantage = _advantages,
            Ratio = _ratio is null ? null : new TokenColumn(_layout, _ratio),
            Clipped = _sides,
            Kl = _kl is null ? _credited.RewardKl : new TokenColumn(_layout, _kl),
            TokenObjective = new TokenColumn(_layout, _terms),
            AggregationWeight = TokenColumn.PerResponse(_layout, _rowFactors),
            EntropyWeight = entropyWeights,
            ValueWeight = valueWeights,
            ValueTarget = valueWeights is null ? null : _credited.ValueTargets,
            Totals = _credited.Totals,
            Summary = _tally.Summary(_objectiveValue, _advantages) with { ValueClipFraction = _valueClipFraction },
        };
    }
}
