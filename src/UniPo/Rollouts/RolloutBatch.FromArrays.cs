namespace UniPo;

public sealed partial record RolloutBatch
{
    /// <summary>A batch from plain arrays, as another program holds them.</summary>
    /// <param name="prompts">[P] the prompts, one for each group.</param>
    /// <param name="tokens">[B][T_i] the tokens of each response as text, group after group; B = P · <paramref name="groupSize"/>.</param>
    /// <param name="logProbs">[B][T_i] log π_θ of each token now, in nats, ≤ 0.</param>
    /// <param name="oldLogProbs">[B][T_i] log π_old at sampling; null when the policy has not moved since.</param>
    /// <param name="referenceLogProbs">[B][T_i] log π_ref; null without a reference.</param>
    /// <param name="rewards">[B] the rewards R_i.</param>
    /// <param name="groupSize">Responses to each prompt G, at least 1.</param>
    /// <param name="mask">[B][T_i] true where a token counts; null when all do.</param>
    /// <param name="truncated">[B] true where the length limit cut the response off; null when none was.</param>
    /// <param name="maxTokens">Longest response allowed, in tokens; null when unknown.</param>
    /// <param name="temperature">Softmax temperature of sampling, &gt; 0.</param>
    /// <exception cref="ArgumentException">An array has another length than the others ask for; the message names it.</exception>
    public static RolloutBatch FromArrays(
        IReadOnlyList<string> prompts,
        IReadOnlyList<string[]> tokens,
        IReadOnlyList<double[]> logProbs,
        IReadOnlyList<double[]>? oldLogProbs,
        IReadOnlyList<double[]>? referenceLogProbs,
        IReadOnlyList<double> rewards,
        int groupSize,
        IReadOnlyList<bool[]>? mask = null,
        IReadOnlyList<bool>? truncated = null,
        int? maxTokens = null,
        double temperature = 1
    )
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(logProbs);
        ArgumentNullException.ThrowIfNull(rewards);
        ArgumentOutOfRangeException.ThrowIfLessThan(groupSize, 1);
        if ((long)prompts.Count * groupSize != tokens.Count)
            throw new ArgumentException(
                $"{prompts.Count} prompts with {groupSize} responses each are {(long)prompts.Count * groupSize} responses, but tokens holds {tokens.Count}.",
                nameof(tokens)
            );
        RequireRows(tokens.Count, rewards.Count, nameof(rewards));
        RequireRows(tokens.Count, truncated?.Count, nameof(truncated));
        RequireTokens(tokens, logProbs, nameof(logProbs));
        RequireTokens(tokens, oldLogProbs, nameof(oldLogProbs));
        RequireTokens(tokens, referenceLogProbs, nameof(referenceLogProbs));
        RequireTokens(tokens, mask, nameof(mask));
        var layout = new TokenLayout(
            [.. tokens.Select(t => t.Length)],
            [.. prompts.Select(_ => groupSize)],
            mask is null ? null : [.. mask.SelectMany(m => m)]
        );
        var current = TokenColumn.FromRows(layout, logProbs);
        return new RolloutBatch
        {
            Groups =
            [
                .. prompts.Select(
                    (prompt, p) =>
                        new ResponseGroup(
                            new Prompt(prompt),
                            [
                                .. Enumerable
                                    .Range(p * groupSize, groupSize)
                                    .Select(i => One(tokens[i], rewards[i], truncated?[i] ?? false)),
                            ]
                        )
                ),
            ],
            Layout = layout,
            LogProbs = current,
            OldLogProbs = oldLogProbs is null ? current : TokenColumn.FromRows(layout, oldLogProbs),
            ReferenceLogProbs = referenceLogProbs is null ? null : TokenColumn.FromRows(layout, referenceLogProbs),
            MaxTokens = maxTokens,
            Temperature = temperature,
        };
    }

    private static Response One(string[] tokens, double reward, bool truncated) =>
        new()
        {
            Symbols = [.. tokens],
            Reward = reward,
            Truncated = truncated,
        };

    private static void RequireRows(int responses, int? given, string name)
    {
        if (given is { } count && count != responses)
            throw new ArgumentException($"There are {responses} responses, but {name} holds {count}; each needs one.", name);
    }

    private static void RequireTokens<T>(IReadOnlyList<string[]> tokens, IReadOnlyList<T[]>? rows, string name)
    {
        RequireRows(tokens.Count, rows?.Count, name);
        for (var i = 0; i < rows?.Count; i++)
            if (rows[i].Length != tokens[i].Length)
                throw new ArgumentException(
                    $"Response {i} has {tokens[i].Length} tokens, but {name}[{i}] holds {rows[i].Length}; each token needs one.",
                    name
                );
    }
}
