namespace UniPo;

/// <summary>
/// Something that gives every next token a probability: the tiny transformer, a scripted table, or a model elsewhere.
/// </summary>
/// <remarks>A policy serves one thread at a time.</remarks>
public interface IPolicy
{
    /// <summary>What logs, curves and messages call it. The default is the name of its type.</summary>
    string Name => GetType().Name;

    /// <summary>Text to token ids and back.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>
    /// Responses that are best written side by side, at least 1: enough to keep the arithmetic busy, few enough for their keys and
    /// values to fit. It changes speed, never results.
    /// </summary>
    int RowsAtOnce => 256;

    /// <summary>Starts responses: <paramref name="group"/> rows for each prompt, in the order of the prompts.</summary>
    /// <param name="prompts">[P] token ids, at least one each.</param>
    /// <param name="group">Responses per prompt, at least 1.</param>
    /// <param name="maxTokens">Longest response that will be asked for, at least 1.</param>
    IDecoding Begin(IReadOnlyList<int[]> prompts, int group, int maxTokens);

    /// <summary>Log-probabilities of given responses (teacher forcing), and what else is asked for.</summary>
    /// <param name="sequences">Prompts and responses.</param>
    /// <param name="temperature">Divides the logits, &gt; 0; use the temperature of sampling.</param>
    /// <param name="logProbs">[ΣT] receives log π(token | prompt, earlier tokens) in nats.</param>
    /// <param name="entropies">[ΣT] receives the entropy of each next-token distribution in nats; empty when not asked for.</param>
    /// <param name="values">[ΣT] receives the value of the state before each token; empty when not asked for, as it must be
    /// without a value head.</param>
    void Score(
        TokenSequences sequences,
        double temperature,
        Span<double> logProbs,
        Span<double> entropies = default,
        Span<double> values = default
    );
}
