namespace UniPo.Cli.Running;

/// <summary>What one cell may take before it is stopped or cut.</summary>
internal sealed record CellLimits
{
    /// <summary>Wall-clock time.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Memory of the notebook's process and of all it has started, in bytes.</summary>
    public long MemoryBytes { get; init; } = 4096L << 20;

    /// <summary>Characters of output; what is more is dropped.</summary>
    public long OutputCharacters { get; init; } = 10L << 20;
}
