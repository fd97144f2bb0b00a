namespace UniPo;

public sealed partial record RolloutBatch
{
    /// <summary>The same responses with the log-probabilities that a frozen reference policy gives them: what a KL penalty needs.</summary>
    /// <param name="reference">Reads the same token ids as the policy that sampled, usually a copy of it from before training.</param>
    /// <param name="microBatch">Responses that go through the reference at once, at least 1; null for all.</param>
    /// <exception cref="InvalidOperationException">The batch was typed by hand or read from a log: it holds no token ids.</exception>
    /// <exception cref="NotFiniteNumberException">The reference gave a log-probability that is not finite.</exception>
    public RolloutBatch WithReference(IPolicy reference, int? microBatch = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (microBatch is { } rows)
            ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1, nameof(microBatch));
        if (Sequences is not { } sequences)
            throw new InvalidOperationException(
                "This batch holds no token ids, so no policy can score it. Give its ReferenceLogProbs, or sample a batch with Sampler."
            );
        var logProbs = new double[Layout.Tokens];
        var step = microBatch ?? Layout.Responses;
        for (var row = 0; row < Layout.Responses; row += step)
        {
            var part = sequences.OfRows(row, Math.Min(step, Layout.Responses - row));
            reference.Score(part, Temperature, logProbs.AsSpan(Layout.RowStarts[row], part.Layout.Tokens));
        }
        if (Array.Find(logProbs, value => !double.IsFinite(value)) is var bad and not 0)
            throw new NotFiniteNumberException(
                FormattableString.Invariant(
                    $"the reference '{reference.Name}' gave a token the log-probability {bad}, which must be finite"
                ),
                bad
            );
        return this with { ReferenceLogProbs = new TokenColumn(Layout, logProbs) };
    }

    /// <summary>Every response must be as long as the layout says; columns are checked where they are read.</summary>
    /// <exception cref="ArgumentException">A response has another number of tokens than its place in the layout.</exception>
    internal void RequireOneLayout()
    {
        for (var row = 0; row < Layout.Responses; row++)
            if (Responses[row].Length != Layout.Length(row))
                throw new ArgumentException(
                    $"Response {row} has {Responses[row].Length} tokens, but the batch's layout gives it {Layout.Length(row)}; they must match."
                );
    }
}
