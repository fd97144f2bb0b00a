namespace UniPo;

/// <summary>Evaluates a <see cref="PolicyObjective"/>: every step is one method, in the order in which they are explained.</summary>
internal sealed class PolicyEvaluation
{
    private readonly PolicyObjective _objective;
    private readonly CreditedBatch _credited;
    private readonly RolloutBatch _batch;
    private readonly TokenLayout _layout;
    private readonly TokenColumn _advantages;
    private readonly double[] _ratio, _terms, _weights, _factors;
    private readonly double[]? _kl;
    private readonly ClipSide[]? _sides;
    private ClipSide[]? _bounded;
    private double _objectiveValue;
    private double? _valueClipFraction;

    public PolicyEvaluation(PolicyObjective objective, CreditedBatch credited)
    {
        (_objective, _credited, _batch, _layout) = (objective, credited, credited.Batch, credited.Batch.Layout);
        _advantages = credited.Advantages ?? throw new ArgumentException($"{objective.Name} needs advantages; let its own Credit prepare the batch.");
        if (objective.Ratio is NoRatio && objective.Clip is not NoTrustRegion)
            throw new ArgumentException($"A trust region ({objective.Clip.GetType().Name}) bounds a ratio, but Ratio is None. Set Ratio = Ratio.Token, or Clip = Clip.None.");
        _ratio = New();
        _terms = New();
        _weights = New();
        _factors = New();
        _kl = objective.Kl switch { KlInLoss => New(), KlInReward { Coefficient: > 0 } kl => KlPenalty.Column(kl, _batch), _ => null };
        _sides = objective.Clip is NoTrustRegion ? null : new ClipSide[_layout.Tokens];
    }

    private double[] New() => GC.AllocateUninitializedArray<double>(_layout.Tokens);

    public TokenReport Run()
    {
        Ratios();
        Terms();
        Gate();
        Aggregate();
        ThroughTheRatio();
        PenalizeKl();
        _objectiveValue = Total(_terms, _factors);
        PenalizeKlBeside();
        var entropy = EntropyBonus();
        var value = ValueLoss();
        return Report(entropy, value);
    }

    /// <summary>r = exp(pooled (log π_θ − log π_old)); 1 on masked tokens.</summary>
    private void Ratios()
    {
        ReadOnlySpan<double> now = _batch.LogProbs.Values, old = _batch.OldLogProbs.Values;
        for (var i = 0; i < _ratio.Length; i++) _ratio[i] = now[i] - old[i];
        Masked.Clear(_layout, _ratio);
        _bounded = _objective.Clip.BoundLogRatios(_layout, _ratio, _advantages.Values);
        _objective.Ratio.Pool(_layout, _ratio);
        for (var i = 0; i < _ratio.Length; i++) _ratio[i] = Math.Exp(_ratio[i]);
    }

    /// <summary>Each token's term of the objective and its slope.</summary>
    private void Terms()
    {
        if (_objective.Ratio is NoRatio) { ScoreFunctionTerms(); return; }
        var region = _objective.Clip;
        ReadOnlySpan<double> now = _batch.LogProbs.Values, old = _batch.OldLogProbs.Values, advantages = _advantages.Values;
        for (var i = 0; i < _terms.Length; i++)
        {
            if (!_layout.IsActive(i)) { Silence(i); continue; }
            var term = region.At(new TokenState(_ratio[i], advantages[i], now[i], old[i]));
            (_terms[i], _weights[i]) = (term.Value, term.Slope);
            if (_sides is not null) _sides[i] = _bounded is null ? term.Side : _bounded[i];
        }
        if (_sides is not null) region.Revise(_layout, _batch, advantages, _terms, _weights, _sides);
    }

    /// <summary>Without a ratio the term is A·log π, and its slope is A.</summary>
    private void ScoreFunctionTerms()
    {
        ReadOnlySpan<double> now = _batch.LogProbs.Values, advantages = _advantages.Values;
        for (var i = 0; i < _terms.Length; i++)
        {
            if (!_layout.IsActive(i)) { Silence(i); continue; }
            (_terms[i], _weights[i]) = (advantages[i] * now[i], advantages[i]);
        }
    }

    private void Silence(int token) => (_terms[token], _weights[token]) = (0, 0);

    /// <summary>Filters and corrections multiply the policy term by a constant, often 0.</summary>
    private void Gate()
    {
        var filters = _objective.Filters;
        if (_objective.Correction is null && filters.TopEntropy is null && filters.OffPolicyLimit is null) return;
        var gates = _objective.Correction?.Factors(_batch) ?? [.. Enumerable.Repeat(1.0, _layout.Tokens)];
        filters.Silence(_batch, _advantages.Values, _credited.Totals.EntropyThreshold, gates);
        for (var i = 0; i < gates.Length; i++)
            if (_layout.IsActive(i)) (_terms[i], _weights[i]) = (_terms[i] * gates[i], _weights[i] * gates[i]);
    }

    /// <summary>Every token's factor in the sum, by which its slope is multiplied, too.</summary>
    private void Aggregate()
    {
        FillFactors(_objective.Aggregation, _factors);
        for (var i = 0; i < _weights.Length; i++) _weights[i] *= _factors[i];
    }

    /// <summary>From ∂J/∂(log ratio) to ∂J/∂log π: a shared ratio passes its slope on to all tokens of the response.</summary>
    private void ThroughTheRatio()
    {
        if (_objective.Kl is KlInLoss { TimesRatio: true } kl) AddKlTimesRatioSlope(kl);
        if (!_objective.Clip.ThroughRatio || _objective.Ratio is NoRatio) return;
        _objective.Ratio.Spread(_layout, _ratio, _weights);
        if (_bounded is null) return;
        for (var i = 0; i < _weights.Length; i++)
            if (_bounded[i] != ClipSide.None) _weights[i] = 0;
    }

    private void AddKlTimesRatioSlope(KlInLoss kl)
    {
        ReadOnlySpan<double> now = _batch.LogProbs.Values, reference = RolloutChecks.Reference(_batch).Values;
        for (var i = 0; i < _weights.Length; i++)
            if (_layout.IsActive(i)) _weights[i] -= kl.Coefficient * _factors[i] * kl.Estimator.At(now[i] - reference[i]).Value * _ratio[i];
    }

    /// <summary>The term of every token loses β·k; its weight loses β·factor·k'.</summary>
    private void PenalizeKl()
    {
        if (_objective.Kl is not KlInLoss kl) return;
        ReadOnlySpan<double> now = _batch.LogProbs.Values, reference = RolloutChecks.Reference(_batch).Values;
        for (var i = 0; i < _weights.Length; i++)
        {
            if (!_layout.IsActive(i)) { _kl![i] = 0; continue; }
            var (k, slope) = kl.Estimator.At(now[i] - reference[i]);
            if (kl.TimesRatio) (k, slope) = (k * _ratio[i], slope * _ratio[i]);
            _kl![i] = k;
            if (kl.Aggregation is not null) continue;
            _terms[i] -= kl.Coefficient * k;
            _weights[i] -= kl.Coefficient * _factors[i] * slope;
        }
    }

    /// <summary>A KL penalty with an aggregation of its own is no part of the tokens' terms; it is subtracted beside them.</summary>
    private void PenalizeKlBeside()
    {
        if (_objective.Kl is not KlInLoss { Aggregation: { } aggregation } kl) return;
        ReadOnlySpan<double> now = _batch.LogProbs.Values, reference = RolloutChecks.Reference(_batch).Values;
        var factors = New();
        FillFactors(aggregation, factors);
        for (var i = 0; i < _weights.Length; i++)
            if (_layout.IsActive(i))
                _weights[i] -= kl.Coefficient * factors[i] * kl.Estimator.At(now[i] - reference[i]).Slope * (kl.TimesRatio ? _ratio[i] : 1);
        _objectiveValue -= kl.Coefficient * Total(_kl!, factors);
    }

    private TokenColumn? EntropyBonus()
    {
        if (_objective.Entropy is not { Coefficient: > 0 } bonus) return null;
        var entropies = _batch.Entropies ?? throw new ArgumentException("An entropy bonus needs Entropies, but the batch has none. Score the batch with them, or set Entropy = null.");
        var weights = New();
        FillFactors(bonus.Aggregation ?? _objective.Aggregation, weights);
        for (var i = 0; i < weights.Length; i++) weights[i] *= bonus.Coefficient;
        if (bonus.KeptTokensOnly) new Filters { TopEntropy = _objective.Filters.TopEntropy }.Silence(_batch, _advantages.Values, _credited.Totals.EntropyThreshold, weights);
        _objectiveValue += Total(entropies.Values, weights);
        return new TokenColumn(_layout, weights);
    }

    private TokenColumn? ValueLoss()
    {
        if (_objective.Value is not { } loss) return null;
        if (_batch.Values is not { } values || _batch.OldValues is not { } old || _credited.ValueTargets is not { } targets)
            throw new ArgumentException("A value loss needs Values, OldValues and an advantage with value targets (GAE). Use a policy with a value head, or set Value = null.");
        var (weights, losses, clipped) = (New(), New(), 0);
        FillFactors(loss.Aggregation ?? _objective.Aggregation, weights);
        for (var i = 0; i < weights.Length; i++)
        {
            if (!_layout.IsActive(i)) { losses[i] = 0; continue; }
            var (error, slope, held) = loss.At(values.Values[i], old.Values[i], targets.Values[i]);
            if (held) clipped++;
            losses[i] = loss.Coefficient * error * weights[i];
            weights[i] *= -loss.Coefficient * slope;
        }
        foreach (var l in losses) _objectiveValue -= l;
        _valueClipFraction = (double)clipped / Math.Max(_layout.ActiveTokens, 1);
        return new TokenColumn(_layout, weights);
    }

    private void FillFactors(Aggregation aggregation, double[] factors) => AggregationFactors.Fill(aggregation, _layout, _credited.Totals, factors);

    private double Total(ReadOnlySpan<double> values, ReadOnlySpan<double> factors)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
            if (factors[i] != 0) sum += values[i] * factors[i];
        return sum;
    }

    private TokenReport Report(TokenColumn? entropyWeights, TokenColumn? valueWeights)
    {
        return new TokenReport
        {
            Objective = _objective,
            Batch = _batch,
            Weight = new TokenColumn(_layout, _weights),
            Advantage = _advantages,
            Ratio = _objective.Ratio is NoRatio ? null : new TokenColumn(_layout, _ratio),
            Clipped = _sides,
            Kl = _kl is null ? null : new TokenColumn(_layout, _kl),
            TokenObjective = new TokenColumn(_layout, _terms),
            AggregationWeight = new TokenColumn(_layout, _factors),
            EntropyWeight = entropyWeights,
            ValueWeight = valueWeights,
            Summary = ReportSummary.Of(_batch, _objectiveValue, _weights, _advantages, _objective.Ratio is NoRatio ? null : _ratio, _sides, _kl) with { ValueClipFraction = _valueClipFraction },
        };
    }
}
