namespace UniPo;

/// <summary>What one optimiser step did.</summary>
internal sealed record Update(TokenReport Report, CreditedBatch Batch, double GradientNorm, double LearningRate);

/// <summary>One optimiser step: log-probabilities of the moved policy, the weight of every token, the gradient, and a step along it.</summary>
internal sealed class PolicyUpdate(ITrainablePolicy policy, TrainerOptions options)
{
    private readonly AdamW _optimizer = new(policy.Parameters.Count) { WeightDecay = options.WeightDecay };

    /// <param name="objective">What grows.</param>
    /// <param name="part">A credited rollout or a mini-batch of it.</param>
    /// <param name="fresh">True when the policy is still the one that sampled: its log-probabilities are then the old ones, to the last bit.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="steps">Length of the run, for the learning rate.</param>
    public Update Ascend(Objective objective, CreditedBatch part, bool fresh, int step, int steps)
    {
        var pieces = Pieces.Of(part.Batch.Sequences!, options.MicroBatch).ToList();
        var (current, pass) = Forward(part, pieces);
        if (fresh) current = current with { Batch = current.Batch with { OldLogProbs = current.Batch.LogProbs } };
        var report = objective.Evaluate(current);
        FiniteCheck.Objective(report, policy.Parameters);
        Array.Clear(policy.Parameters.Gradient);
        foreach (var piece in pieces)
        {
            var forward = pieces.Count == 1 ? pass : policy.Forward(piece.Sequences, part.Batch.Temperature);
            forward.Backward(Slice(report.Weight, piece), Slice(report.EntropyWeight, piece), Slice(report.ValueWeight, piece));
        }
        var rate = options.Schedule.At(step, steps);
        var norm = _optimizer.Step(policy.Parameters, rate, options.GradientClip ?? double.PositiveInfinity);
        if (!double.IsFinite(norm)) throw new ArithmeticException(FiniteCheck.Gradient(policy.Parameters)); // nothing was moved
        return new Update(report, current, norm, rate);
    }

    /// <summary>
    /// The batch with the log-probabilities, entropies and values of the policy as it is now. In micro-batches only these numbers are
    /// kept: the objective must see the whole part before it can say the weight of any token, so each piece is run again for its gradient.
    /// </summary>
    private (CreditedBatch, IForwardPass) Forward(CreditedBatch part, List<Piece> pieces)
    {
        var batch = part.Batch;
        var (logProbs, entropies) = (new double[batch.Layout.Tokens], new double[batch.Layout.Tokens]);
        var values = policy.HasValueHead ? new double[batch.Layout.Tokens] : null;
        IForwardPass? pass = null;
        foreach (var piece in pieces)
        {
            pass = policy.Forward(piece.Sequences, batch.Temperature);
            pass.LogProbs.CopyTo(logProbs.AsSpan(piece.Start));
            pass.Entropies.CopyTo(entropies.AsSpan(piece.Start));
            if (values is not null) pass.Values.CopyTo(values.AsSpan(piece.Start));
        }
        FiniteCheck.Column("log-probability", logProbs, batch, policy.Parameters);
        FiniteCheck.Column("entropy", entropies, batch, policy.Parameters);
        FiniteCheck.Column("value", values, batch, policy.Parameters);
        var current = batch with
        {
            LogProbs = new TokenColumn(batch.Layout, logProbs),
            Entropies = new TokenColumn(batch.Layout, entropies),
            Values = values is null ? null : new TokenColumn(batch.Layout, values),
        };
        return (part with { Batch = current }, pass!);
    }

    private static ReadOnlySpan<double> Slice(TokenColumn? column, Piece piece) => column is null ? [] : column.Values.Slice(piece.Start, piece.Length);
}
