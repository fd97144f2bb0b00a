namespace UniPo;

/// <summary>A run of responses that goes through the policy at once.</summary>
/// <param name="Sequences">The responses with their prompts.</param>
/// <param name="Start">Index of their first token in the columns of the whole batch.</param>
internal readonly record struct MicroBatch(TokenSequences Sequences, int Start)
{
    /// <summary>Number of tokens.</summary>
    public int Length => Sequences.Layout.Tokens;
}

/// <summary>Cuts a batch into micro-batches, so that a large batch fits into memory.</summary>
internal static class MicroBatches
{
    public static IEnumerable<MicroBatch> Of(TokenSequences sequences, int? responses)
    {
        var layout = sequences.Layout;
        var step = responses ?? layout.Responses;
        for (var row = 0; row < layout.Responses; row += step)
            yield return new MicroBatch(sequences.OfRows(row, Math.Min(step, layout.Responses - row)), layout.RowStarts[row]);
    }
}
