namespace UniPo.Numerics;

/// <summary>One new token of one response, and the keys and values it may look at: the prompt's, shared by its group, and its own.</summary>
internal unsafe ref struct CachedAttention
{
    /// <summary>[queries | keys | values] of the new token, each part <see cref="Part"/> floats wide.</summary>
    public float* QueryKeyValue;

    /// <summary>Receives the attended values.</summary>
    public float* Attended;

    public int Part, Heads;

    public RotaryTable Rotary;

    /// <summary>Tokens of the prompt, and of the response before the new one.</summary>
    public int Prompt, Earlier;

    /// <summary>The prompt's keys as columns [heads, size, stride] and values as rows [heads, prompt, head].</summary>
    public float* PromptKeys, PromptValues;

    /// <summary>The response's keys as columns [heads, size, stride] and values as rows [heads, longest, head]; the new token is added.</summary>
    public float* OwnKeys, OwnValues;

    /// <summary>Floats from one element's keys to the next, in the prompt's and in the response's columns.</summary>
    public int PromptStride, OwnStride;

    /// <summary>Rows of values there is room for in each head of the response.</summary>
    public int Longest;

    /// <summary>Room for two heads and for the scores of a whole context, with 64 floats to spare.</summary>
    public float* Scratch;
}
