namespace UniPo;

/// <summary>An objective evaluated under the policy as it is now.</summary>
/// <param name="Batch">The batch with the policy's present log-probabilities, entropies and values.</param>
/// <param name="Report">The weight of every token.</param>
/// <param name="Pass">The forward pass, when the whole batch went through at once; null when it went in pieces.</param>
internal sealed record BatchEvaluation(CreditedBatch Batch, TokenReport Report, IForwardPass? Pass);

/// <summary>
/// Runs a batch through the policy, forwards for its numbers and backwards for the gradient, in micro-batches where asked for.
/// </summary>
internal sealed class BatchEvaluator(ITrainablePolicy policy, int? microBatch)
{
    /// <summary>The objective on the batch under the present policy.</summary>
    /// <param name="objective">What is evaluated.</param>
    /// <param name="part">A credited rollout or a mini-batch of it.</param>
    /// <param name="fresh">True when the policy is still the one that sampled: its log-probabilities are then the old ones, to
    /// the last bit.</param>
    public BatchEvaluation Evaluate(Objective objective, CreditedBatch part, bool fresh = false)
    {
        var batch = part.Batch;
        var (logProbs, entropies) = (new double[batch.Layout.Tokens], new double[batch.Layout.Tokens]);
        var values = policy.HasValueHead ? new double[batch.Layout.Tokens] : null;
        var (pass, passes) = (default(IForwardPass), 0);
        foreach (var piece in Pieces.Of(batch.Sequences!, microBatch))
        {
            pass?.Dispose(); // of several only the numbers are kept
            (pass, passes) = (policy.Forward(piece.Sequences, batch.Temperature), passes + 1);
            Copy(pass.LogProbs, logProbs, piece, "log-probabilities");
            Copy(pass.Entropies, entropies, piece, "entropies");
            if (values is not null)
                Copy(pass.Values, values, piece, "values");
        }
        FiniteCheck.Column("log-probability", logProbs, batch, policy.Parameters);
        FiniteCheck.Column("entropy", entropies, batch, policy.Parameters);
        FiniteCheck.Column("value", values, batch, policy.Parameters);
        var column = new TokenColumn(batch.Layout, logProbs);
        var current = part with
        {
            Batch = batch with
            {
                LogProbs = column,
                OldLogProbs = fresh ? column : batch.OldLogProbs,
                Entropies = new TokenColumn(batch.Layout, entropies),
                Values = values is null ? null : new TokenColumn(batch.Layout, values),
            },
        };
        var report = objective.Evaluate(current);
        FiniteCheck.Objective(report, policy.Parameters);
        return new BatchEvaluation(current, report, passes == 1 ? pass : null);
    }

    /// <summary>Puts ∇J = Σ w ∇log π + Σ e ∇H + Σ v ∇V into the policy's gradient.</summary>
    /// <remarks>
    /// In micro-batches only numbers were kept: the objective had to see the whole batch before it could say the weight of any
    /// token, so each piece is run again for its gradient. The weights are the same whatever the split.
    /// </remarks>
    public void Backward(BatchEvaluation evaluation, TokenColumn weights, TokenColumn? entropyWeights, TokenColumn? valueWeights)
    {
        Array.Clear(policy.Parameters.Gradient);
        var batch = evaluation.Batch.Batch;
        foreach (var piece in Pieces.Of(batch.Sequences!, microBatch))
        {
            using var pass = evaluation.Pass ?? policy.Forward(piece.Sequences, batch.Temperature);
            pass.Backward(Slice(weights, piece), Slice(entropyWeights, piece), Slice(valueWeights, piece));
        }
    }

    private void Copy(ReadOnlySpan<double> numbers, double[] column, Piece piece, string what) =>
        PolicyChecks.Column(policy, numbers, piece.Length, what).CopyTo(column.AsSpan(piece.Start));

    private static ReadOnlySpan<double> Slice(TokenColumn? column, Piece piece) =>
        column is null ? [] : column.Values.Slice(piece.Start, piece.Length);
}
