namespace UniPo;

/// <summary>
/// Something that gives every next token a probability: the tiny transformer, a scripted table, or a model elsewhere.
/// </summary>
public interface IPolicy
{
    /// <summary>The symbols it reads and writes.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Starts responses: <paramref name="group"/> rows for each prompt, in the order of the prompts.</summary>
    /// <param name="prompts">[P] token ids, at least one each.</param>
    /// <param name="group">Responses per prompt, at least 1.</param>
    /// <param name="maxTokens">Longest response that will be asked for, at least 1.</param>
    IDecoding Begin(IReadOnlyList<int[]> prompts, int group, int maxTokens);

    /// <summary>Log-probabilities of given responses (teacher forcing).</summary>
    /// <param name="sequences">Prompts and responses.</param>
    /// <param name="temperature">Divides the logits, &gt; 0; use the temperature of sampling.</param>
    /// <param name="logProbs">[ΣT] receives log π(token | prompt, earlier tokens) in nats.</param>
    /// <param name="entropies">[ΣT] receives the entropy of each next-token distribution in nats; may be empty.</param>
    void Score(TokenSequences sequences, double temperature, Span<double> logProbs, Span<double> entropies);
}

/// <summary>Responses being written, one token a row at a time.</summary>
public interface IDecoding : IDisposable
{
    /// <summary>Number of rows, P × group.</summary>
    int Rows { get; }

    /// <summary>[rows, V] logits of each row's next token, row after row. Valid until the next <see cref="Append"/>.</summary>
    ReadOnlySpan<float> Logits { get; }

    /// <summary>Adds one token to every row and computes the logits after it.</summary>
    /// <param name="tokens">[rows] token ids; −1 for a row that has ended, whose logits are undefined from then on.</param>
    void Append(ReadOnlySpan<int> tokens);
}
