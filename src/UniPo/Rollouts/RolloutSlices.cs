namespace UniPo;

/// <summary>
/// Cuts a rollout into smaller ones: whole groups for a mini-batch of the optimiser, any run of responses for one pass through
/// the policy.
/// </summary>
public static class RolloutSlices
{
    /// <summary>The batch with only some of its groups, in the order given; every column goes along.</summary>
    /// <param name="batch">Any batch.</param>
    /// <param name="groups">Indices of groups, each in [0, P).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such group.</exception>
    public static RolloutBatch OfGroups(this RolloutBatch batch, IReadOnlyList<int> groups)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(groups);
        var old = batch.Layout;
        foreach (var group in groups)
            if (group < 0 || group >= old.Groups)
                throw new ArgumentOutOfRangeException(
                    nameof(groups),
                    $"The batch has groups 0..{old.Groups - 1}, but group {group} was asked for."
                );
        int[] rows = [.. groups.SelectMany(g => Enumerable.Range(old.GroupStarts[g], old.GroupSize(g)))];
        var mask = old.Mask.IsEmpty ? null : Pick(old, rows, old.Mask.ToArray());
        var layout = new TokenLayout([.. rows.Select(old.Length)], [.. groups.Select(old.GroupSize)], mask);

        TokenColumn? Column(TokenColumn? column) =>
            column is null ? null : new TokenColumn(layout, Pick(old, rows, column.Values.ToArray()));
        return batch with
        {
            Groups = [.. groups.Select(g => batch.Groups[g])],
            Layout = layout,
            LogProbs = Column(batch.LogProbs)!,
            OldLogProbs = Column(batch.OldLogProbs)!,
            ReferenceLogProbs = Column(batch.ReferenceLogProbs),
            Entropies = Column(batch.Entropies),
            OldValues = Column(batch.OldValues),
            Values = Column(batch.Values),
            TokenRewards = Column(batch.TokenRewards),
            SamplerLogProbs = Column(batch.SamplerLogProbs),
            SamplerWeights = Column(batch.SamplerWeights),
            GreedyRewards = batch.GreedyRewards is { } greedy ? [.. groups.Select(g => greedy[g])] : null,
            Sequences = batch.Sequences is { } sequences
                ? new TokenSequences(
                    [.. groups.Select(g => sequences.Prompts[g])],
                    [.. rows.Select(r => sequences.Responses[r])],
                    [.. groups.Select(old.GroupSize)]
                )
                : null,
        };
    }

    /// <summary>The sequences of a run of responses, for one pass through a policy; a group may be cut.</summary>
    /// <param name="sequences">Prompts and responses.</param>
    /// <param name="start">First response, in [0, B).</param>
    /// <param name="count">Number of responses, at least 1.</param>
    public static TokenSequences OfRows(this TokenSequences sequences, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var layout = sequences.Layout;
        if (start < 0 || count < 1 || start + count > layout.Responses)
            throw new ArgumentOutOfRangeException(
                nameof(count),
                $"Responses {start}..{start + count - 1} do not lie in 0..{layout.Responses - 1}."
            );
        if (count == layout.Responses)
            return sequences;
        var prompts = new List<int[]>();
        var sizes = new List<int>();
        for (var group = 0; group < layout.Groups; group++)
        {
            var inside = Math.Min(layout.GroupStarts[group + 1], start + count) - Math.Max(layout.GroupStarts[group], start);
            if (inside <= 0)
                continue;
            prompts.Add(sequences.Prompts[group]);
            sizes.Add(inside);
        }
        return new TokenSequences(prompts, [.. sequences.Responses.Skip(start).Take(count)], sizes);
    }

    private static T[] Pick<T>(TokenLayout layout, int[] rows, T[] values) =>
        [.. rows.SelectMany(row => values[layout.RowStarts[row]..layout.RowStarts[row + 1]])];
}
