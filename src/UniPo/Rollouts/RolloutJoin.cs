namespace UniPo;

/// <summary>Puts small rollouts together to one.</summary>
public static class RolloutJoin
{
    /// <summary>
    /// One batch with the groups of all, in order. A column that is missing in one of them is missing in the whole.
    /// </summary>
    /// <param name="batches">At least one; all sampled at the same temperature.</param>
    /// <exception cref="ArgumentException">There is no batch, or the temperatures differ.</exception>
    public static RolloutBatch Join(this IReadOnlyList<RolloutBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        if (batches.Count == 0)
            throw new ArgumentException("There must be at least one batch to join, but there was none.");
        if (batches.Count == 1)
            return batches[0];
        if (batches.Any(b => b.Temperature != batches[0].Temperature))
            throw new ArgumentException("Batches that were sampled at different temperatures cannot be joined.");
        var layout = new TokenLayout(
            [.. batches.SelectMany(b => Enumerable.Range(0, b.Layout.Responses).Select(b.Layout.Length))],
            [.. batches.SelectMany(b => Enumerable.Range(0, b.Layout.Groups).Select(b.Layout.GroupSize))],
            batches.All(b => b.Layout.Mask.IsEmpty)
                ? null
                : [.. batches.SelectMany(b => Enumerable.Range(0, b.Layout.Tokens).Select(b.Layout.IsActive))]
        );

        TokenColumn? Column(Func<RolloutBatch, TokenColumn?> pick) =>
            batches.Any(b => pick(b) is null)
                ? null
                : new TokenColumn(layout, [.. batches.SelectMany(b => pick(b)!.Values.ToArray())]);
        return batches[0] with
        {
            Groups = [.. batches.SelectMany(b => b.Groups)],
            Layout = layout,
            LogProbs = Column(b => b.LogProbs)!,
            OldLogProbs = Column(b => b.OldLogProbs)!,
            ReferenceLogProbs = Column(b => b.ReferenceLogProbs),
            SamplerLogProbs = Column(b => b.SamplerLogProbs),
            SamplerWeights = Column(b => b.SamplerWeights),
            Entropies = Column(b => b.Entropies),
            OldValues = Column(b => b.OldValues),
            Values = Column(b => b.Values),
            TokenRewards = Column(b => b.TokenRewards),
            GreedyRewards = batches.Any(b => b.GreedyRewards is null) ? null : [.. batches.SelectMany(b => b.GreedyRewards!)],
            Sequences = batches.Any(b => b.Sequences is null)
                ? null
                : new TokenSequences(
                    [.. batches.SelectMany(b => b.Sequences!.Prompts)],
                    [.. batches.SelectMany(b => b.Sequences!.Responses)],
                    [.. Enumerable.Range(0, layout.Groups).Select(layout.GroupSize)]
                ),
        };
    }
}
