namespace UniPo;

public sealed partial record RolloutBatch
{
    /// <summary>Some of the responses, with all of their columns.</summary>
    /// <param name="rows">Ascending, distinct, in [0, B).</param>
    /// <exception cref="ArgumentException">The rows are not ascending, or there are none.</exception>
    public RolloutBatch Select(IReadOnlyList<int> rows)
    {
        var layout = Layout.Select(rows);
        var groups = new List<ResponseGroup>();
        var prompts = new List<int>();
        foreach (var byGroup in rows.GroupBy(row => Layout.GroupOf[row]))
        {
            groups.Add(Groups[byGroup.Key] with { Responses = [.. byGroup.Select(row => Responses[row])] });
            prompts.Add(byGroup.Key);
        }
        return this with
        {
            Groups = groups,
            Layout = layout,
            LogProbs = LogProbs.Select(rows, layout),
            OldLogProbs = OldLogProbs.Select(rows, layout),
            ReferenceLogProbs = ReferenceLogProbs?.Select(rows, layout),
            SamplerLogProbs = SamplerLogProbs?.Select(rows, layout),
            SamplerWeights = SamplerWeights?.Select(rows, layout),
            Entropies = Entropies?.Select(rows, layout),
            OldValues = OldValues?.Select(rows, layout),
            Values = Values?.Select(rows, layout),
            TokenRewards = TokenRewards?.Select(rows, layout),
            GreedyRewards = GreedyRewards is null ? null : [.. prompts.Select(p => GreedyRewards[p])],
            Sequences = Sequences is null
                ? null
                : new TokenSequences(
                    [.. prompts.Select(p => Sequences.Prompts[p])],
                    [.. rows.Select(row => Sequences.Responses[row])],
                    [.. Enumerable.Range(0, layout.Groups).Select(layout.GroupSize)]
                ),
        };
    }
}
