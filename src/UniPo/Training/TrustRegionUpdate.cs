using UniPo.Numerics;

namespace UniPo;

/// <summary>TRPO's step: along the natural gradient, as far as the mean KL to the old policy allows.</summary>
/// <remarks>
/// Schulman et al. 2015, "Trust region policy optimization", appendix C. The plain gradient asks which parameters to move; the
/// natural one, F⁻¹g, which distributions. A step of length √(2δ / xᵀFx) would reach KL = δ if the KL were exactly quadratic;
/// because it is not, the step is shortened until the measured KL is within the bound and the objective has not fallen.
/// </remarks>
internal sealed class TrustRegionUpdate(
    ITrainablePolicy policy,
    TrainerOptions options,
    BatchEvaluator evaluator,
    AdamW criticOptimizer
)
{
    private readonly ParameterSet _parameters = policy.Parameters;

    public Update Ascend(Objective objective, TrustRegionStep rule, BatchEvaluation old)
    {
        evaluator.Backward(old, old.Report.Weight, old.Report.EntropyWeight, valueWeights: null);
        double[] gradient = [.. _parameters.Gradient.Select(g => (double)g)];
        var norm = Math.Sqrt(Dot(gradient, gradient));
        if (!double.IsFinite(norm))
            throw new ArithmeticException(FiniteCheck.Gradient(_parameters));

        var batch = old.Batch.Batch;
        var fisher = new FisherProduct(policy, batch.Sequences!, batch.Temperature, MeanOverActive(batch.Layout));
        var divergence = norm == 0 ? 0 : LineSearch(objective, rule, old, fisher, FullStep(rule, fisher, gradient));
        if (old.Report.ValueWeight is not null)
            FitCritic(objective, old.Batch);
        return new Update(old.Report, old.Batch, norm, LearningRate: null, divergence);
    }

    /// <summary>x = F⁻¹g by conjugate gradients, scaled to the edge of the region.</summary>
    private static double[] FullStep(TrustRegionStep rule, FisherProduct fisher, double[] gradient)
    {
        double[] Damped(double[] v)
        {
            var product = fisher.Times(v);
            for (var i = 0; i < product.Length; i++)
                product[i] += rule.Damping * v[i];
            return product;
        }
        var direction = ConjugateGradient.Solve(Damped, gradient, rule.ConjugateGradientIterations);
        var curvature = Dot(direction, Damped(direction));
        var scale = Math.Sqrt(2 * rule.Delta / (curvature + 1e-8));
        for (var i = 0; i < direction.Length; i++)
            direction[i] *= scale;
        return direction;
    }

    /// <summary>Takes the longest of the tried steps that keeps both promises; none at all when no step does.</summary>
    /// <returns>KL(π_old ‖ π_θ) of the step taken, in nats.</returns>
    private double LineSearch(Objective objective, TrustRegionStep rule, BatchEvaluation old, FisherProduct fisher, double[] full)
    {
        float[] origin = [.. _parameters.Values];
        var surrogate = Surrogate(old.Report);
        for (var (attempt, share) = (0, 1.0); attempt <= rule.Backtracks; attempt++, share *= rule.BacktrackFactor)
        {
            for (var i = 0; i < full.Length; i++)
                _parameters.Values[i] = (float)(origin[i] + share * full[i]);
            var divergence = fisher.Divergence();
            if (divergence > rule.Delta)
                continue;
            if (Surrogate(evaluator.Evaluate(objective, old.Batch).Report) >= surrogate)
                return divergence;
        }
        origin.CopyTo(_parameters.Values, 0);
        return 0;
    }

    /// <summary>
    /// The policy's part of the objective: what the critic says of itself must not decide about the policy's step.
    /// </summary>
    private static double Surrogate(TokenReport report)
    {
        if (report.TokenObjective is not { } terms || report.AggregationWeight is not { } factors)
            return report.Summary.Objective;
        var sum = 0.0;
        for (var i = 0; i < terms.Values.Length; i++)
            if (factors.Values[i] != 0)
                sum += terms.Values[i] * factors.Values[i];
        return sum;
    }

    /// <summary>
    /// The critic learns beside the policy: only its own head moves, so that the policy stays where the line search left it.
    /// </summary>
    private void FitCritic(Objective objective, CreditedBatch batch)
    {
        var head = _parameters.Tensors.Where(policy.IsCritic).ToList();
        if (head.Count == 0)
            throw new InvalidOperationException(
                $"TRPO fits the critic beside the policy, but '{policy.Name}' names none of its tensors a critic's; let its IsCritic say which."
            );
        for (var pass = 0; pass < options.CriticPasses; pass++)
        {
            var evaluation = evaluator.Evaluate(objective, batch);
            evaluator.Backward(
                evaluation,
                new TokenColumn(batch.Batch.Layout, new double[batch.Batch.Layout.Tokens]),
                entropyWeights: null,
                evaluation.Report.ValueWeight
            );
            foreach (var tensor in _parameters.Tensors.Except(head))
                _parameters.GradientOf(tensor).Clear();
            criticOptimizer.Step(_parameters, options.CriticLearningRate);
        }
    }

    private static double[] MeanOverActive(TokenLayout layout)
    {
        var weights = new double[layout.Tokens];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = layout.IsActive(i) ? 1.0 / layout.ActiveTokens : 0;
        return weights;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
