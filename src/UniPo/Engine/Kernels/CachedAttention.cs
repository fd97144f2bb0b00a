namespace UniPo.Engine;

/// <summary>
/// One new token of one response, and the keys and values it may look at: the prompt's, shared by its group, and its own.
/// </summary>
internal unsafe ref struct CachedAttention
{
    /// <summary>
    /// [queries | keys | values] of the new token, the first two rotated, each part <see cref="Part"/> floats wide.
    /// </summary>
    public float* QueryKeyValue;

    /// <summary>Receives the attended values.</summary>
    public float* Attended;

    public int Part,
        Heads,
        HeadSize;

    /// <summary>Tokens of the prompt, and of the response before the new one.</summary>
    public int Prompt,
        Earlier;

    /// <summary>The prompt's keys as columns [heads, size, stride] and values as rows [heads, prompt, padded size].</summary>
    public float* PromptKeys,
        PromptValues;

    /// <summary>
    /// The response's keys as columns [heads, size, stride] and values as rows [heads, longest, padded size]; the new token is
    /// added.
    /// </summary>
    public float* OwnKeys,
        OwnValues;

    /// <summary>Floats from one element's keys to the next, in the prompt's and in the response's columns.</summary>
    public int PromptStride,
        OwnStride;

    /// <summary>Rows of values there is room for in each head of the response.</summary>
    public int Longest;

    /// <summary>Room for the scores of each head, and for one head's output: see <see cref="ScratchFloats"/>.</summary>
    public float* Scratch;

    /// <summary>Floats that <see cref="Scratch"/> must have room for.</summary>
    public static int ScratchFloats(int heads, int headSize, int context) =>
        (heads * ScoreStride(context)) + Padding.Up(headSize);

    /// <summary>Floats from one head's scores to the next.</summary>
    public static int ScoreStride(int keys) => Padding.Up(keys) + 32;
}
