namespace UniPo;

/// <summary>How a log of another trainer is read.</summary>
public sealed record LogOptions
{
    /// <summary>Gives ids their texts; null to show ids as they are.</summary>
    public TokenTexts? Tokenizer { get; init; }

    /// <summary>Most tokens kept in memory over all steps, at least 1; the rest stays in the file and is loaded by page.</summary>
    public int TokensInMemory { get; init; } = 200_000;

    /// <summary>Prompts of each step whose responses are loaded at first, at least 1.</summary>
    public int PromptsPerStep { get; init; } = 4;
}
