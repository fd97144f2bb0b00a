namespace UniPo.Engine;

/// <summary>The gradient of a share of a batch, in the padded layout of the kernels.</summary>
/// <remarks>
/// A batch is always cut into the same shares and they are always added in the same order, whatever the number of threads.
/// </remarks>
internal sealed unsafe class GradientSum(TransformerShape shape, TransformerTensors tensors, PackedWeights weights)
{
    private readonly FloatBuffer _rows = new(), // the embedding's rows, then the vectors
        _matrices = new();

    /// <summary>Sets all sums to zero.</summary>
    public void Clear()
    {
        var rows = (shape.Vocabulary + weights.Vectors.Length) * shape.Stride;
        var matrices = weights.Matrices[^1].GradientOffset + weights.Matrices[^1].GradientLength;
        new Span<float>(_rows.Reserve(rows), rows).Clear();
        new Span<float>(_matrices.Reserve(matrices), matrices).Clear();
    }

    /// <summary>[width, padded] the sum for one token's embedding.</summary>
    public float* OfEmbedding(int token) => _rows.Pointer + (token * (long)shape.Stride);

    /// <summary>[width, padded] the sum for a vector.</summary>
    public float* Of(PackedVector vector) => _rows.Pointer + (vector.Row * (long)shape.Stride);

    /// <summary>[outputs, inputs, both padded] the sum for a matrix.</summary>
    public float* Of(PackedMatrix matrix) => _matrices.Pointer + matrix.GradientOffset;

    /// <summary>
    /// Adds a part of the sums to the parameters' gradient: one of the matrices; with the head, which may be the embedding, all
    /// the rest.
    /// </summary>
    public void AddTo(ParameterSet parameters, Kernels kernels, int part)
    {
        var matrix = weights.Matrices[part];
        matrix.AddTo(parameters, kernels, Of(matrix));
        if (matrix == weights.Head)
            fixed (float* gradient = parameters.Gradient)
            {
                for (var token = 0; token < shape.Vocabulary; token++)
                    kernels.Add(OfEmbedding(token), gradient + tensors.Embedding.Offset + (token * shape.Width), shape.Width);
                foreach (var vector in weights.Vectors)
                    kernels.Add(Of(vector), gradient + vector.Tensor.Offset, shape.Width);
            }
    }
}
