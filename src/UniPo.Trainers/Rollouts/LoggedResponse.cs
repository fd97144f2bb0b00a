namespace UniPo;

/// <summary>One response as a trainer wrote it down; what it did not write is null or NaN.</summary>
public sealed record LoggedResponse
{
    /// <summary>The question as text; empty when only ids are known.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The right answer as the trainer noted it; null when it did not.</summary>
    public string? Answer { get; init; }

    /// <summary>The response as text; null when only ids are known.</summary>
    public string? Text { get; init; }

    /// <summary>[T] ids of the response's tokens; null when only the text is known.</summary>
    public int[]? Ids { get; init; }

    /// <summary>The reward; NaN when the file holds none.</summary>
    public double Reward { get; init; } = double.NaN;

    /// <summary>Further rewards and judgements by their names in the file.</summary>
    public IReadOnlyList<(string Name, double Value)> Parts { get; init; } = [];

    /// <summary>Columns of the response by their meaning; see <see cref="ResponseColumn"/>. [T] each.</summary>
    public IReadOnlyDictionary<ResponseColumn, double[]> Columns { get; init; } = new Dictionary<ResponseColumn, double[]>();

    /// <summary>[T] false where a token did not count (a tool's output); null when all do.</summary>
    public bool[]? Mask { get; init; }

    /// <summary>True when the length limit cut it off; null when the file does not say.</summary>
    public bool? Truncated { get; init; }
}

/// <summary>What a column of numbers of a logged response holds.</summary>
public enum ResponseColumn
{
    /// <summary>log π of the policy while it learns, in nats.</summary>
    LogProbs,

    /// <summary>log π at the start of the update, in nats.</summary>
    OldLogProbs,

    /// <summary>log μ of the software that sampled, in nats.</summary>
    SamplerLogProbs,

    /// <summary>Advantage of each token; one number when all share it.</summary>
    Advantages,

    /// <summary>Importance ratio as the trainer computed it.</summary>
    Ratio,

    /// <summary>Entropy of the next-token distribution, in nats.</summary>
    Entropy,

    /// <summary>KL between sampler and trainer as the trainer computed it, in nats.</summary>
    MismatchKl,
}
