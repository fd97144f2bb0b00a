namespace UniPo;

/// <summary>How good is a policy on prompts that training never sees?</summary>
public static class HeldOut
{
    /// <summary>Prompts scored in one pass: enough to be fast, few enough to stay small in memory.</summary>
    private const int Chunk = 128;

    /// <summary>
    /// The exact probability of a right answer, and the share of right answers among one sampled response a prompt.
    /// </summary>
    /// <param name="policy">Who answers.</param>
    /// <param name="task">Its held-out prompts are asked.</param>
    /// <param name="seed">Decides the sampled responses.</param>
    /// <param name="limit">Use only the first prompts; null for all.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    public static HeldOutAccuracy Measure(IPolicy policy, ITask task, ulong seed = 0, int? limit = null, double temperature = 1)
    {
        var prompts = Prompts(task, limit);
        return new HeldOutAccuracy(
            ExactProbability(policy, task, prompts, temperature),
            SampledAccuracy(policy, task, prompts, seed, temperature),
            prompts.Count
        );
    }

    /// <summary>
    /// The mean probability of answering rightly, without sampling noise; null when the task cannot list its right responses.
    /// </summary>
    /// <remarks>
    /// Teacher forcing gives log π of each right response; a prompt with several right responses (a scratchpad of every length)
    /// is right with the sum of their probabilities, because no two of them can happen at once.
    /// </remarks>
    /// <param name="policy">Who answers.</param>
    /// <param name="task">Lists the right responses.</param>
    /// <param name="prompts">The questions.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    /// <returns>In [0, 1].</returns>
    public static double? ExactProbability(IPolicy policy, ITask task, IReadOnlyList<Prompt> prompts, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        Decoder.RequireSameVocabulary(policy, task);
        var (tokenizer, total) = (policy.Tokenizer, 0.0);
        foreach (var chunk in prompts.Chunk(Chunk))
        {
            int[][][] right =
            [
                .. chunk.Select(p =>
                    task.RightResponses(p).Select(text => (int[])[.. tokenizer.Encode(text), tokenizer.End]).ToArray()
                ),
            ];
            if (right.Any(r => r.Length == 0))
                return null;
            var sequences = new TokenSequences(
                [.. chunk.Select(p => tokenizer.Encode(p.Text))],
                [.. right.SelectMany(r => r)],
                [.. right.Select(r => r.Length)]
            );
            var logProbs = new double[sequences.Layout.Tokens];
            policy.Score(sequences, temperature, logProbs, entropies: []);
            for (var row = 0; row < sequences.Layout.Responses; row++)
            {
                var logProb = 0.0;
                foreach (var l in logProbs.AsSpan(sequences.Layout.RowStarts[row], sequences.Layout.Length(row)))
                    logProb += l;
                total += Math.Exp(logProb);
            }
        }
        return total / prompts.Count;
    }

    private static double SampledAccuracy(
        IPolicy policy,
        ITask task,
        IReadOnlyList<Prompt> prompts,
        ulong seed,
        double temperature
    )
    {
        var right = 0.0;
        foreach (var chunk in prompts.Chunk(8 * Chunk))
        {
            var batch = new Sampler { Group = 1, Temperature = temperature }.Answer(policy, task, chunk, seed++);
            foreach (var group in batch.Groups)
                right += Score(policy.Tokenizer, task, group.Prompt, group.Responses[0]);
        }
        return right / prompts.Count;
    }

    /// <summary>
    /// 1 or 0 where right responses can be listed, so that an offset or a partial reward does not count as accuracy; else the
    /// reward.
    /// </summary>
    private static double Score(ITokenizer tokenizer, ITask task, Prompt prompt, Response response)
    {
        if (task.RightResponses(prompt).FirstOrDefault() is null)
            return response.Reward;
        return !response.Truncated && task.RightResponses(prompt).Contains(tokenizer.Decode(response.Tokens.AsSpan(..^1)))
            ? 1
            : 0;
    }

    private static IReadOnlyList<Prompt> Prompts(ITask task, int? limit)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.HeldOutPrompts.Count == 0)
            throw new ArgumentException($"The task '{task.Name}' holds no prompts out, so held-out accuracy cannot be measured.");
        if (limit is < 1)
            throw new ArgumentOutOfRangeException(
                nameof(limit),
                $"The number of held-out prompts must be at least 1, but was {limit}."
            );
        return limit is { } count && count < task.HeldOutPrompts.Count
            ? [.. task.HeldOutPrompts.Take(count)]
            : task.HeldOutPrompts;
    }
}
