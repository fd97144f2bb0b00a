using UniPo.Numerics;

namespace UniPo;

/// <summary>Writes responses one token at a time, all rows side by side, until each is closed or cut off.</summary>
internal static class Decoder
{
    /// <summary>
    /// Rows written side by side, unless a group has more: enough to keep products busy, few enough for their keys and values to
    /// stay in the cache. Responses have random streams of their own, so that the cut changes none of them.
    /// </summary>
    public const int RowsAtOnce = 256;

    public delegate NextToken Pick(ReadOnlySpan<float> logits, int row, SeededRandom random);

    /// <summary>[P × group] the tokens of each response, the closing symbol included.</summary>
    public static IReadOnlyList<NextToken[]> Run(
        IPolicy policy,
        ITask task,
        IReadOnlyList<Prompt> prompts,
        int group,
        Pick pick,
        ulong seed
    )
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(task);
        RequireSameVocabulary(policy, task);
        var written = new List<NextToken[]>(prompts.Count * group);
        var step = Math.Max(RowsAtOnce / Math.Max(group, 1), 1);
        for (var first = 0; first == 0 || first < prompts.Count; first += step)
            Write(policy, task, [.. prompts.Skip(first).Take(step)], group, pick, seed, written);
        return written;
    }

    /// <summary>Some of the prompts; their rows follow those already written.</summary>
    private static void Write(
        IPolicy policy,
        ITask task,
        Prompt[] prompts,
        int group,
        Pick pick,
        ulong seed,
        List<NextToken[]> written
    )
    {
        using var decoding = policy.Begin([.. prompts.Select(p => task.Vocabulary.Encode(p.Text))], group, task.MaxTokens);
        var (end, width, before) = (task.Vocabulary.End, task.Vocabulary.Count, written.Count);
        var rows = new List<NextToken>[decoding.Rows];
        var random = new SeededRandom[rows.Length];
        var next = new int[rows.Length];
        for (var row = 0; row < rows.Length; row++)
            (rows[row], random[row]) = (new List<NextToken>(task.MaxTokens), SeededRandom.Stream(seed, (ulong)(before + row)));

        for (var (at, open) = (0, rows.Length); ; decoding.Append(next))
        {
            var logits = decoding.Logits;
            for (var row = 0; row < rows.Length; row++)
            {
                if (next[row] < 0)
                    continue;
                var token = pick(logits.Slice(row * width, width), before + row, random[row]);
                rows[row].Add(token);
                next[row] = token.Token == end ? -1 : token.Token;
                if (next[row] < 0)
                    open--;
            }
            if (open == 0 || ++at == task.MaxTokens)
                break;
        }
        written.AddRange(rows.Select(r => r.ToArray()));
    }

    /// <summary>Ids mean something only to those who agree on the symbols.</summary>
    public static void RequireSameVocabulary(IPolicy policy, ITask task)
    {
        if (!policy.Vocabulary.Symbols.SequenceEqual(task.Vocabulary.Symbols) || policy.Vocabulary.End != task.Vocabulary.End)
            throw new ArgumentException(
                $"The policy and the task '{task.Name}' need the same vocabulary, but the policy writes "
                    + $"\"{string.Concat(policy.Vocabulary.Symbols)}\" and the task reads \"{string.Concat(task.Vocabulary.Symbols)}\"."
            );
    }
}
