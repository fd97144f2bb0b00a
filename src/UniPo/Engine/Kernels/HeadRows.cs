namespace UniPo.Engine;

/// <summary>
/// One head's part of attention rows: where its queries, keys, values and their derivatives begin, and how far rows are apart.
/// </summary>
internal unsafe struct HeadRows
{
    public float* Queries,
        Keys,
        Values,
        Outputs;
    public float* QueryGradient,
        KeyGradient,
        ValueGradient;

    /// <summary>Floats from one row to the next of queries, keys and values; and of outputs.</summary>
    public int Stride,
        OutputStride;

    /// <summary>Elements of the head, and the same padded.</summary>
    public int Size,
        Padded;
}
