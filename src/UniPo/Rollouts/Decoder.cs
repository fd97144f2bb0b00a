using UniPo.Numerics;

namespace UniPo;

/// <summary>Writes responses one token at a time, all rows side by side, until each is closed or cut off.</summary>
internal static class Decoder
{
    /// <summary>[P × group] the tokens of each response, the closing one included.</summary>
    /// <param name="policy">Who answers.</param>
    /// <param name="task">Says how long a response may be.</param>
    /// <param name="prompts">[P] the questions.</param>
    /// <param name="group">Responses to each, at least 1.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    /// <param name="seed">Decides the tokens; null takes the most probable one everywhere.</param>
    /// <remarks>Responses have random streams of their own, so that the cut into rows at once changes none of them.</remarks>
    public static IReadOnlyList<NextToken[]> Run(
        IPolicy policy,
        ITask task,
        IReadOnlyList<Prompt> prompts,
        int group,
        double temperature,
        ulong? seed
    )
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(task);
        RequireSameVocabulary(policy, task);
        var written = new List<NextToken[]>(prompts.Count * group);
        var step = Math.Max(policy.RowsAtOnce / Math.Max(group, 1), 1);
        for (var first = 0; first == 0 || first < prompts.Count; first += step)
            Write(policy, task, [.. prompts.Skip(first).Take(step)], group, temperature, seed, written);
        return written;
    }

    /// <summary>Some of the prompts; their rows follow those already written.</summary>
    private static void Write(
        IPolicy policy,
        ITask task,
        Prompt[] prompts,
        int group,
        double temperature,
        ulong? seed,
        List<NextToken[]> written
    )
    {
        var tokenizer = policy.Tokenizer;
        using var decoding = policy.Begin([.. prompts.Select(p => tokenizer.Encode(p.Text))], group, task.MaxTokens);
        PolicyChecks.Decoding(policy, decoding, prompts.Length * group);
        var before = written.Count;
        var rows = new List<NextToken>[decoding.Rows];
        var random = new SeededRandom?[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = new List<NextToken>(Math.Min(task.MaxTokens, 64));
            random[row] = seed is { } number ? SeededRandom.Stream(number, (ulong)(before + row)) : null;
        }
        var (places, chosen, next) = (new double[rows.Length], new NextToken[rows.Length], new int[rows.Length]);
        for (var (length, open) = (0, rows.Length); ; decoding.Append(next))
        {
            for (var row = 0; row < rows.Length; row++)
                places[row] = next[row] < 0 ? NextToken.Ended : random[row]?.NextDouble() ?? NextToken.MostProbable;
            decoding.Choose(places, temperature, chosen);
            for (var row = 0; row < rows.Length; row++)
            {
                if (next[row] < 0)
                    continue;
                PolicyChecks.Chosen(policy, chosen[row], row);
                rows[row].Add(chosen[row]);
                next[row] = tokenizer.IsEnd(chosen[row].Token) ? -1 : chosen[row].Token;
                if (next[row] < 0)
                    open--;
            }
            if (open == 0 || ++length == task.MaxTokens)
                break;
        }
        written.AddRange(rows.Select(r => r.ToArray()));
    }

    /// <summary>
    /// A policy that writes a task's symbols must have the same ones. One with a tokenizer of another kind encodes for itself.
    /// </summary>
    public static void RequireSameVocabulary(IPolicy policy, ITask task)
    {
        if (policy.Tokenizer is not Vocabulary own || task.Vocabulary is not { } needed)
            return;
        if (!own.Symbols.SequenceEqual(needed.Symbols) || own.End != needed.End)
            throw new ArgumentException(
                $"The policy and the task '{task.Name}' need the same vocabulary, but the policy writes "
                    + $"\"{Listed(own)}\" and the task reads \"{Listed(needed)}\"."
            );
    }

    private static string Listed(Vocabulary vocabulary) => Examples.Of(vocabulary.Symbols, vocabulary.Count, separator: "");
}
