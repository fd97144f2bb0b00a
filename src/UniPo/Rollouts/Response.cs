namespace UniPo;

/// <summary>
/// One sampled answer as a reader sees it. Its numbers per token lie in the columns of the <see cref="RolloutBatch"/>.
/// </summary>
public sealed record Response
{
    /// <summary>The tokens as text, one symbol each, the closing symbol included.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>The token ids; null for a response that was typed by hand or read from a foreign log.</summary>
    public int[]? Tokens { get; init; }

    /// <summary>The reward R_i.</summary>
    public double Reward { get; init; }

    /// <summary>
    /// Named parts of the reward (several reward functions, rubric items), in the order of
    /// <see cref="RolloutBatch.RewardNames"/>; empty for one.
    /// </summary>
    public IReadOnlyList<double> RewardParts { get; init; } = [];

    /// <summary>
    /// How sure the judge of each part was, in [0, 1], in the order of <see cref="RewardParts"/>; empty when all are certain.
    /// </summary>
    public IReadOnlyList<double> RewardConfidences { get; init; } = [];

    /// <summary>True when the length limit cut the response off.</summary>
    public bool Truncated { get; init; }

    /// <summary>The response as text; where it is not given, its tokens in a row.</summary>
    public string Text
    {
        get => field ?? string.Concat(Symbols);
        init;
    }

    /// <summary>Length in tokens.</summary>
    public int Length => Symbols.Count;

    /// <summary>A response as its tokenizer writes it; its reward is still to be given.</summary>
    /// <param name="tokenizer">Knows the text of the tokens.</param>
    /// <param name="tokens">[T] token ids, a closing one included.</param>
    internal static Response Of(ITokenizer tokenizer, int[] tokens)
    {
        string[] symbols = [.. tokens.Select(tokenizer.TextOf)];
        var response = new Response { Symbols = symbols, Tokens = tokens };
        if (tokenizer is Vocabulary || tokens.Length == 0)
            return response;
        // Byte-level tokens are pieces of characters: only together do they give the text.
        var closed = tokenizer.IsEnd(tokens[^1]);
        return response with { Text = tokenizer.Decode(closed ? tokens.AsSpan(..^1) : tokens) + (closed ? symbols[^1] : "") };
    }
}

/// <summary>A prompt and the responses sampled for it.</summary>
/// <param name="Prompt">The question.</param>
/// <param name="Responses">[G] the answers.</param>
public sealed record ResponseGroup(Prompt Prompt, IReadOnlyList<Response> Responses);
