namespace UniPo;

/// <summary>What one optimiser step did; null where a number has no meaning for it.</summary>
internal sealed record Update(
    TokenReport Report,
    CreditedBatch Batch,
    double GradientNorm,
    double? LearningRate,
    double? StepKl = null
);

/// <summary>
/// One optimiser step: log-probabilities of the moved policy, the weight of every token, the gradient, and a step along it.
/// </summary>
internal sealed class PolicyUpdate(ITrainablePolicy policy, TrainerOptions options)
{
    private readonly BatchEvaluator _evaluator = new(policy, options);
    private readonly float[] _before = new float[policy.Parameters.Count];

    /// <summary>The optimiser with its moments.</summary>
    public AdamW Optimizer { get; } = new(policy.Parameters.Count) { WeightDecay = options.WeightDecay };

    /// <summary>Takes a step. Where it would leave the policy with numbers that are not finite, the policy stays as it was.</summary>
    /// <exception cref="ArithmeticException">A loss, a gradient or a parameter is not finite; the message names it.</exception>
    /// <param name="objective">What grows.</param>
    /// <param name="part">A credited rollout or a mini-batch of it.</param>
    /// <param name="fresh">True when the policy is still the one that sampled.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="steps">Length of the run, for the learning rate.</param>
    public Update Ascend(Objective objective, CreditedBatch part, bool fresh, int step, int steps)
    {
        var parameters = policy.Parameters;
        parameters.Values.CopyTo(_before, 0);
        try
        {
            var update = Move(objective, part, fresh, step, steps);
            FiniteCheck.Parameters(parameters);
            return update;
        }
        catch (ArithmeticException)
        {
            _before.CopyTo(parameters.Values, 0);
            throw;
        }
    }

    private Update Move(Objective objective, CreditedBatch part, bool fresh, int step, int steps)
    {
        var evaluation = _evaluator.Evaluate(objective, part, fresh);
        if (objective.Step is TrustRegionStep rule)
            return new TrustRegionUpdate(policy, options, _evaluator, Optimizer).Ascend(objective, rule, evaluation);
        var report = evaluation.Report;
        _evaluator.Backward(evaluation, report.Weight, report.EntropyWeight, report.ValueWeight);
        var rate = options.Schedule.At(step, steps);
        var norm = Optimizer.Step(policy.Parameters, rate, options.GradientClip ?? double.PositiveInfinity);
        if (!double.IsFinite(norm))
            throw new ArithmeticException(FiniteCheck.Gradient(policy.Parameters)); // nothing was moved
        return new Update(report, evaluation.Batch, norm, rate);
    }
}
