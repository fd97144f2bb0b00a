namespace UniPo;

/// <summary>A response typed by hand, for an example that can be added up on paper.</summary>
/// <param name="Text">What was answered: one token for each character, or, with blanks in it, one token for each word.</param>
/// <param name="Reward">Its reward R_i.</param>
/// <param name="LogProbs">[T] log π_θ of each token now, in nats, ≤ 0.</param>
/// <param name="OldLogProbs">[T] log π_old at sampling, in nats; null for the same as now (a fresh response).</param>
/// <param name="ReferenceLogProbs">[T] log π_ref, in nats; null for the same as at sampling.</param>
/// <param name="Truncated">True when the length limit cut it off.</param>
public sealed record HandResponse(
    string Text,
    double Reward,
    double[] LogProbs,
    double[]? OldLogProbs = null,
    double[]? ReferenceLogProbs = null,
    bool Truncated = false
)
{
    /// <summary>A response of given tokens, for instance the pieces of words that a tokenizer makes.</summary>
    /// <param name="tokens">[T] the text of each token.</param>
    /// <param name="reward">Its reward R_i.</param>
    /// <param name="logProbs">[T] log π_θ of each token now, in nats, ≤ 0.</param>
    /// <param name="oldLogProbs">[T] log π_old at sampling, in nats; null for the same as now (a fresh response).</param>
    /// <param name="referenceLogProbs">[T] log π_ref, in nats; null for the same as at sampling.</param>
    /// <param name="truncated">True when the length limit cut it off.</param>
    public HandResponse(
        string[] tokens,
        double reward,
        double[] logProbs,
        double[]? oldLogProbs = null,
        double[]? referenceLogProbs = null,
        bool truncated = false
    )
        : this(string.Concat(tokens), reward, logProbs, oldLogProbs, referenceLogProbs, truncated) => Tokens = [.. tokens];

    /// <summary>[T] the text of each token; null to cut <see cref="Text"/> into characters or words.</summary>
    public string[]? Tokens { get; init; }

    /// <summary>[T] value estimates V before each token; null without a critic.</summary>
    public double[]? Values { get; init; }

    /// <summary>[T] entropies in nats; null when they do not matter.</summary>
    public double[]? Entropies { get; init; }

    /// <summary>[T] false where a token shall not count; null when all do.</summary>
    public bool[]? Mask { get; init; }

    internal string[] Symbols() =>
        Tokens is not null ? [.. Tokens]
        : Text.Contains(' ') ? Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        : [.. Text.EnumerateRunes().Select(c => c.ToString())];
}

/// <summary>A prompt and the responses typed for it.</summary>
/// <param name="Prompt">The question.</param>
/// <param name="Responses">[G] at least one.</param>
public sealed record HandGroup(string Prompt, IReadOnlyList<HandResponse> Responses);
