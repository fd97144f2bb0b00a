namespace UniPo;

public sealed partial record RolloutBatch
{
    /// <summary>A batch of one group, typed by hand.</summary>
    /// <param name="prompt">The question.</param>
    /// <param name="group">Its responses, at least one.</param>
    /// <param name="maxTokens">Longest response allowed; null when it does not matter.</param>
    /// <example><code>RolloutBatch.ByHand("2+3=", [new("5$", Reward: 1, LogProbs: [-0.7, -0.1]), new("6$", 0, [-1.2, -0.1])])</code></example>
    public static RolloutBatch ByHand(string prompt, IReadOnlyList<HandResponse> group, int? maxTokens = null) =>
        ByHand([new HandGroup(prompt, group)], maxTokens);

    /// <summary>A batch of several groups, typed by hand.</summary>
    /// <param name="groups">Prompts with their responses.</param>
    /// <param name="maxTokens">Longest response allowed; null when it does not matter.</param>
    /// <exception cref="ArgumentException">A response's numbers do not fit its text, or only some responses have a
    /// column.</exception>
    public static RolloutBatch ByHand(IReadOnlyList<HandGroup> groups, int? maxTokens = null)
    {
        HandResponse[] all = [.. groups.SelectMany(g => g.Responses)];
        var masks = all.Any(r => r.Mask is not null)
            ? all.SelectMany(r => r.Mask ?? [.. Enumerable.Repeat(true, r.LogProbs.Length)]).ToArray()
            : null;
        foreach (var response in all)
            CheckByHand(response);
        var layout = new TokenLayout([.. all.Select(r => r.LogProbs.Length)], [.. groups.Select(g => g.Responses.Count)], masks);
        return new RolloutBatch
        {
            Groups = [.. groups.Select(g => new ResponseGroup(new Prompt(g.Prompt), [.. g.Responses.Select(FromHand)]))],
            Layout = layout,
            MaxTokens = maxTokens,
            LogProbs = TokenColumn.FromRows(layout, [.. all.Select(r => r.LogProbs)]),
            OldLogProbs = TokenColumn.FromRows(layout, [.. all.Select(r => r.OldLogProbs ?? r.LogProbs)]),
            ReferenceLogProbs = TokenColumn.FromRows(
                layout,
                [.. all.Select(r => r.ReferenceLogProbs ?? r.OldLogProbs ?? r.LogProbs)]
            ),
            Values = Column(all, layout, r => r.Values, "Values"),
            OldValues = Column(all, layout, r => r.Values, "Values"),
            Entropies = Column(all, layout, r => r.Entropies, "Entropies"),
        };
    }

    private static Response FromHand(HandResponse response) =>
        new()
        {
            Symbols = response.Symbols(),
            Reward = response.Reward,
            Truncated = response.Truncated,
        };

    private static TokenColumn? Column(HandResponse[] all, TokenLayout layout, Func<HandResponse, double[]?> column, string name)
    {
        var given = all.Count(r => column(r) is not null);
        if (given == 0)
            return null;
        if (given < all.Length)
            throw new ArgumentException(
                $"{name} must be given for all {all.Length} responses or for none, but {given} have them."
            );
        return TokenColumn.FromRows(layout, [.. all.Select(r => column(r)!)]);
    }

    private static void CheckByHand(HandResponse response)
    {
        var tokens = response.Symbols().Length;
        foreach (
            var (count, name) in new[]
            {
                (response.LogProbs.Length, "LogProbs"),
                (response.OldLogProbs?.Length ?? tokens, "OldLogProbs"),
                (response.ReferenceLogProbs?.Length ?? tokens, "ReferenceLogProbs"),
                (response.Mask?.Length ?? tokens, "Mask"),
            }
        )
            if (count != tokens)
                throw new ArgumentException(
                    $"The response \"{response.Text}\" has {tokens} tokens, but {name} holds {count} numbers."
                );
    }
}
