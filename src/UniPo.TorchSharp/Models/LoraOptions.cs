namespace UniPo.Torch;

/// <summary>Low-rank adaptation (Hu et al. 2021): W x + α/r · B A x, where only A and B are trained.</summary>
public sealed record LoraOptions
{
    /// <summary>Rank r of each adapter, at least 1.</summary>
    public int Rank
    {
        get;
        init =>
            field =
                value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Rank), value, "The rank must be at least 1.");
    } = 16;

    /// <summary>α, &gt; 0: the adapter's output is multiplied by α / r.</summary>
    public double Alpha
    {
        get;
        init =>
            field =
                value > 0 && double.IsFinite(value)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(Alpha), value, "Alpha must be a positive number.");
    } = 32;

    /// <summary>Names of the layers that get one, as in PEFT's <c>target_modules</c>.</summary>
    public IReadOnlyList<string> Layers { get; init; } =
    ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>Decides A, which starts at random; B starts at 0, so that at first nothing changes.</summary>
    public ulong Seed { get; init; }
}
