namespace UniPo;

/// <summary>Looks for numbers that would end as NaN, before anything is computed from them.</summary>
internal static class RolloutChecks
{
    // Single-precision log-softmax may round a certain token's log-probability to just above 0.
    private const double Rounding = 1e-5;

    public static void Verify(RolloutBatch batch)
    {
        var layout = batch.Layout;
        if (batch.Responses.Count != layout.Responses)
            throw new ArgumentException($"The batch holds {batch.Responses.Count} responses, but its layout {layout.Responses}; they must match.");
        if (layout.Responses == 0) throw new ArgumentException("The batch holds no response; at least one is needed.");
        LogProbs(layout, batch.LogProbs, "LogProbs");
        LogProbs(layout, batch.OldLogProbs, "OldLogProbs");
        if (batch.ReferenceLogProbs is { } reference) LogProbs(layout, reference, "ReferenceLogProbs");
        foreach (var (column, name) in new[] { (batch.Entropies, "Entropies"), (batch.Values, "Values"), (batch.OldValues, "OldValues"), (batch.TokenRewards, "TokenRewards") })
            if (column is not null) Finite(layout, column, name);
    }

    public static TokenColumn Reference(RolloutBatch batch) => batch.ReferenceLogProbs
        ?? throw new ArgumentException("A KL penalty needs ReferenceLogProbs, but the batch has none. Score the batch with a reference policy, or set Kl = Kl.None.");

    private static void LogProbs(TokenLayout layout, TokenColumn column, string name)
    {
        SameLength(layout, column, name);
        var values = column.Values;
        for (var i = 0; i < values.Length; i++)
            if (!(values[i] <= Rounding && values[i] > double.NegativeInfinity) && layout.IsActive(i)) throw Bad(layout, i, name, values[i], "a log-probability must be finite and at most 0");
    }

    private static void Finite(TokenLayout layout, TokenColumn column, string name)
    {
        SameLength(layout, column, name);
        var values = column.Values;
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]) && layout.IsActive(i)) throw Bad(layout, i, name, values[i], "it must be finite");
    }

    private static void SameLength(TokenLayout layout, TokenColumn column, string name)
    {
        if (column.Values.Length != layout.Tokens)
            throw new ArgumentException($"{name} holds {column.Values.Length} numbers, but the batch has {layout.Tokens} tokens.");
    }

    private static ArgumentException Bad(TokenLayout layout, int index, string name, double value, string rule)
    {
        var row = 0;
        while (layout.RowStarts[row + 1] <= index) row++;
        return new ArgumentException(FormattableString.Invariant($"{name} of token {index - layout.RowStarts[row]} of response {row} was {value}; {rule}."));
    }
}
