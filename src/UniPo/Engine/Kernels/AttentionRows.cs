namespace UniPo.Engine;

/// <summary>
/// A prompt and its responses as rows of queries, keys and values: the responses see the prompt and themselves, not each other.
/// </summary>
internal unsafe ref struct AttentionRows
{
    /// <summary>Rows of [queries | keys | values], the first two rotated, each part <see cref="Part"/> floats wide.</summary>
    public float* QueryKeyValue;

    /// <summary>Derivative by <see cref="QueryKeyValue"/>, written by the backward pass.</summary>
    public float* QueryKeyValueGradient;

    /// <summary>
    /// Rows of attended values, <see cref="Part"/> floats wide: output of the forward pass, derivative in the backward pass.
    /// </summary>
    public float* Attended;

    /// <summary>Floats of one part.</summary>
    public int Part;

    public int Heads,
        HeadSize;

    /// <summary>Rows of the prompt; they come first.</summary>
    public int Prompt;

    /// <summary>Rows of each response.</summary>
    public ReadOnlySpan<int> Responses;

    /// <summary>Room for the intermediate results.</summary>
    public AttentionScratch Scratch;
}
