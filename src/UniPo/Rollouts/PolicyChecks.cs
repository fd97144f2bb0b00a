namespace UniPo;

/// <summary>
/// What a policy hands over is looked at once: sizes that do not fit would otherwise be read as other numbers, without a word.
/// </summary>
internal static class PolicyChecks
{
    /// <summary>Responses that were begun: as many rows as asked for, and a logit for every symbol.</summary>
    /// <exception cref="InvalidOperationException">The policy gave another number of rows or logits.</exception>
    public static void Decoding(IPolicy policy, IDecoding decoding, int rows)
    {
        if (decoding.Rows != rows)
            throw new InvalidOperationException(
                $"The policy '{policy.Name}' was asked for {rows} responses, but began {decoding.Rows}."
            );
        var (given, needed) = (decoding.Logits.Length, (long)rows * policy.Tokenizer.Count);
        if (given != needed && given != 0)
            throw new InvalidOperationException(
                FormattableString.Invariant(
                    $"The policy '{policy.Name}' gave {given} logits for {rows} rows, which is {given / (double)rows:0.##} a row, but its tokenizer has {policy.Tokenizer.Count} tokens: {needed} are needed."
                )
            );
    }

    /// <summary>A token that was chosen: an id there is, with a log-probability.</summary>
    /// <exception cref="InvalidOperationException">There is no such token.</exception>
    /// <exception cref="NotFiniteNumberException">The log-probability is not finite.</exception>
    public static void Chosen(IPolicy policy, NextToken chosen, int row)
    {
        if ((uint)chosen.Token >= (uint)policy.Tokenizer.Count)
            throw new InvalidOperationException(
                $"The policy '{policy.Name}' chose the token id {chosen.Token} in row {row}; ids of its tokenizer lie in [0, {policy.Tokenizer.Count})."
            );
        if (!(chosen.LogProb <= 1e-3 && double.IsFinite(chosen.LogProb)))
            throw new NotFiniteNumberException(
                FormattableString.Invariant(
                    $"the policy '{policy.Name}' chose a token in row {row} with the log-probability {chosen.LogProb}, which must be finite and not above 0"
                ),
                chosen.LogProb
            );
    }

    /// <summary>Numbers of a forward pass: one a token.</summary>
    /// <exception cref="InvalidOperationException">There are more or fewer.</exception>
    public static ReadOnlySpan<double> Column(IPolicy policy, ReadOnlySpan<double> numbers, int tokens, string what) =>
        numbers.Length == tokens
            ? numbers
            : throw new InvalidOperationException(
                $"The policy '{policy.Name}' gave {numbers.Length} {what} for {tokens} tokens; one a token is needed."
            );
}
