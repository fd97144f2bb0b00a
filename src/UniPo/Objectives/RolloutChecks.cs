using UniPo.Numerics;

namespace UniPo;

/// <summary>Looks for numbers that would end as NaN, before anything is computed from them.</summary>
internal static class RolloutChecks
{
    // Single-precision log-softmax may round a certain token's log-probability to just above 0.
    private const double Rounding = 1e-5;

    /// <summary>Everything that stays as it is while the policy moves.</summary>
    public static void Verify(RolloutBatch batch)
    {
        var layout = batch.Layout;
        if (batch.Responses.Count != layout.Responses)
            throw new ArgumentException(
                $"The batch holds {batch.Responses.Count} responses, but its layout {layout.Responses}; they must match."
            );
        if (layout.Responses == 0)
            throw new ArgumentException("The batch holds no response; at least one is needed.");
        batch.RequireOneLayout();
        LogProbs(layout, batch.OldLogProbs, "OldLogProbs");
        LogProbs(layout, batch.ReferenceLogProbs, "ReferenceLogProbs");
        Finite(layout, batch.SamplerLogProbs, "SamplerLogProbs");
        Finite(layout, batch.SamplerWeights, "SamplerWeights");
        Finite(layout, batch.OldValues, "OldValues");
        Finite(layout, batch.TokenRewards, "TokenRewards");
    }

    /// <summary>What changes with the policy.</summary>
    public static void VerifyCurrent(RolloutBatch batch)
    {
        LogProbs(batch.Layout, batch.LogProbs, "LogProbs");
        Finite(batch.Layout, batch.Entropies, "Entropies");
        Finite(batch.Layout, batch.Values, "Values");
    }

    public static TokenColumn Reference(RolloutBatch batch) =>
        batch.ReferenceLogProbs
        ?? throw new ArgumentException(
            "A KL penalty needs ReferenceLogProbs, but the batch has none. Score it with batch.WithReference(policy), or set Kl = Kl.None."
        );

    private static void LogProbs(TokenLayout layout, TokenColumn? column, string name) =>
        Within(layout, column, name, -double.MaxValue, Rounding, "a log-probability must be finite and at most 0");

    private static void Finite(TokenLayout layout, TokenColumn? column, string name) =>
        Within(layout, column, name, -double.MaxValue, double.MaxValue, "it must be finite");

    private static void Within(TokenLayout layout, TokenColumn? column, string name, double least, double most, string rule)
    {
        if (column is null)
            return;
        if (column.Values.Length != layout.Tokens)
            throw new ArgumentException(
                $"{name} holds {column.Values.Length} numbers, but the batch has {layout.Tokens} tokens."
            );
        if (DoubleKernels.AllWithin(column.Values, least, most))
            return;
        for (var i = 0; i < column.Values.Length; i++)
            if (layout.IsActive(i) && !(column.Values[i] >= least && column.Values[i] <= most))
                throw Bad(layout, i, name, column.Values[i], rule);
    }

    private static ArgumentException Bad(TokenLayout layout, int index, string name, double value, string rule)
    {
        var row = 0;
        while (layout.RowStarts[row + 1] <= index)
            row++;
        return new ArgumentException(
            FormattableString.Invariant($"{name} of token {index - layout.RowStarts[row]} of response {row} was {value}; {rule}.")
        );
    }
}
