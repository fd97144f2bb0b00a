namespace UniPo.Engine;

/// <summary>A weight vector [width], padded with zeros to whole lanes: the gain of a norm, or the value head.</summary>
/// <param name="tensor">The parameters it copies.</param>
/// <param name="copies">Where all padded rows lie.</param>
/// <param name="row">Its row there, and in a <see cref="GradientSum"/>.</param>
/// <param name="stride">Floats from one row to the next.</param>
internal sealed unsafe class PackedVector(ParameterTensor tensor, FloatBuffer copies, int row, int stride)
{
    /// <summary>The parameters it copies.</summary>
    public ParameterTensor Tensor => tensor;

    /// <summary>Its row among the padded rows, and in a <see cref="GradientSum"/>.</summary>
    public int Row => row;

    /// <summary>[width, padded] the copy.</summary>
    public float* Values => copies.Pointer + (row * (nint)stride);
}
