namespace UniPo;

/// <summary>Responses of a log as a batch, and beside it what the trainer itself computed from them.</summary>
public sealed record LoggedRollout
{
    /// <summary>The responses. Columns that the file does not hold are NaN, never 0.</summary>
    public required RolloutBatch Batch { get; init; }

    /// <summary>[ΣT] advantages as logged; null when the file holds none.</summary>
    public TokenColumn? Advantages { get; init; }

    /// <summary>[ΣT] importance ratios as logged; null when the file holds none.</summary>
    public TokenColumn? Ratio { get; init; }

    /// <summary>[ΣT] KL between sampler and trainer as logged, in nats; null when the file holds none.</summary>
    public TokenColumn? MismatchKl { get; init; }

    /// <summary>True when the responses are all of their step, so that sums and means over the batch are the trainer's.</summary>
    public bool IsComplete { get; init; }

    /// <summary>True when the symbols are words of a text, because the file holds no tokens.</summary>
    public bool WordsForTokens { get; init; }

    /// <summary>True when log-probabilities of the policy are there, so that weights and ratios can be computed.</summary>
    public bool HasLogProbs =>
        Batch.LogProbs.Values.ContainsAnyExcept(double.NaN) && !HasGaps(Batch.LogProbs) && !HasGaps(Batch.OldLogProbs);

    private bool HasGaps(TokenColumn column)
    {
        for (var i = 0; i < column.Values.Length; i++)
            if (Batch.Layout.IsActive(i) && !double.IsFinite(column.Values[i]))
                return true;
        return false;
    }

    /// <summary>A batch of responses, group after group.</summary>
    /// <param name="groups">Groups of at least one response each.</param>
    /// <param name="texts">Gives ids their texts.</param>
    /// <param name="complete">True when these are all responses of the step.</param>
    internal static LoggedRollout Of(IReadOnlyList<IReadOnlyList<LoggedResponse>> groups, TokenTexts? texts, bool complete)
    {
        LoggedResponse[] all = [.. groups.SelectMany(g => g)];
        string[][] symbols = [.. all.Select(r => Symbols(r, texts))];
        int[] lengths = [.. symbols.Select(s => s.Length)];
        bool[]? mask = all.Any(r => r.Mask is not null)
            ? [.. all.SelectMany((r, i) => r.Mask is { } m && m.Length == lengths[i] ? m : Enumerable.Repeat(true, lengths[i]))]
            : null;
        var layout = new TokenLayout(lengths, [.. groups.Select(g => g.Count)], mask);
        string[] names = [.. all.SelectMany(r => r.Parts.Select(p => p.Name)).Distinct().Take(32)];
        var at = 0;
        var batch = new RolloutBatch
        {
            Groups =
            [
                .. groups.Select(g => new ResponseGroup(
                    new Prompt(texts?.Prompt(g[0].Prompt) ?? g[0].Prompt, g[0].Answer),
                    [.. g.Select(r => Response(r, symbols[at++], names))]
                )),
            ],
            Layout = layout,
            LogProbs =
                Column(layout, all, ResponseColumn.LogProbs, ResponseColumn.OldLogProbs, ResponseColumn.SamplerLogProbs)
                ?? Missing(layout),
            OldLogProbs = Column(layout, all, ResponseColumn.OldLogProbs, ResponseColumn.SamplerLogProbs) ?? Missing(layout),
            SamplerLogProbs = Column(layout, all, ResponseColumn.SamplerLogProbs),
            Entropies = Column(layout, all, ResponseColumn.Entropy),
            RewardNames = names,
        };
        return new LoggedRollout
        {
            Batch = batch,
            Advantages = Column(layout, all, ResponseColumn.Advantages),
            Ratio = Column(layout, all, ResponseColumn.Ratio),
            MismatchKl = Column(layout, all, ResponseColumn.MismatchKl),
            IsComplete = complete,
            WordsForTokens = all.Any(r => r.Ids is null),
        };
    }

    private static Response Response(LoggedResponse response, string[] symbols, string[] names) =>
        new()
        {
            Symbols = symbols,
            Tokens = response.Ids is { } ids && !ids.Contains(-1) ? ids : null,
            Reward = response.Reward,
            RewardParts =
            [
                .. names.Select(n => response.Parts.FirstOrDefault(p => p.Name == n, (Name: n, Value: double.NaN)).Value),
            ],
            Truncated = response.Truncated ?? false,
        };

    // Ids without a tokenizer stay ids; a text without ids is cut before each word, so that it reads as before.
    private static string[] Symbols(LoggedResponse response, TokenTexts? texts) =>
        response.Ids is { } ids ? [.. ids.Select(id => texts?[id] ?? TokenTexts.Unnamed(id))] : Words(response.Text ?? "");

    private static string[] Words(string text)
    {
        var words = new List<string>();
        var from = 0;
        for (var i = 1; i < text.Length; i++)
            if (char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]))
            {
                words.Add(text[from..i]);
                from = i;
            }
        if (from < text.Length)
            words.Add(text[from..]);
        return [.. words];
    }

    private static TokenColumn Missing(TokenLayout layout)
    {
        var values = new double[layout.Tokens];
        Array.Fill(values, double.NaN);
        return new TokenColumn(layout, values);
    }

    // The first of these columns that any response has.
    private static TokenColumn? Column(TokenLayout layout, LoggedResponse[] all, params ReadOnlySpan<ResponseColumn> wanted)
    {
        foreach (var column in wanted)
        {
            if (!all.Any(r => r.Columns.ContainsKey(column)))
                continue;
            var values = new double[layout.Tokens];
            Array.Fill(values, double.NaN);
            for (var row = 0; row < all.Length; row++)
                if (all[row].Columns.TryGetValue(column, out var own) && own.Length == layout.Length(row))
                    own.CopyTo(values, layout.RowStarts[row]);
                else if (own is { Length: 1 })
                    values.AsSpan(layout.RowStarts[row], layout.Length(row)).Fill(own[0]);
            return new TokenColumn(layout, values);
        }
        return null;
    }
}
