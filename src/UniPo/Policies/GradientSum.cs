using UniPo.Numerics;

namespace UniPo;

/// <summary>The gradient of a share of a batch, in the padded layout of the kernels.</summary>
/// <remarks>
/// A batch is always cut into the same shares and they are always added in the same order, whatever the number of threads.
/// </remarks>
internal sealed unsafe class GradientSum(TransformerShape shape, TransformerTensors tensors, PackedWeights weights)
{
    private readonly FloatBuffer _rows = new(),
        _matrices = new();
    private readonly int[] _offsets = Offsets(weights);

    /// <summary>Sets all sums to zero.</summary>
    public void Clear()
    {
        var rows = (shape.Vocabulary + weights.Gains.Count) * shape.Stride;
        new Span<float>(_rows.Reserve(rows), rows).Clear();
        new Span<float>(_matrices.Reserve(_offsets[^1]), _offsets[^1]).Clear();
    }

    /// <summary>The sum for one token's embedding.</summary>
    public float* Embedding(int token) => _rows.Pointer + (token * (long)shape.Stride);

    /// <summary>The sum for one of the <see cref="PackedWeights.Gains"/>.</summary>
    public float* Gain(int index) => _rows.Pointer + ((shape.Vocabulary + index) * (long)shape.Stride);

    /// <summary>The sum for one of the <see cref="PackedWeights.Matrices"/>.</summary>
    public float* Matrix(int index) => _matrices.Pointer + _offsets[index];

    /// <summary>
    /// Adds a part of the sums to the parameters' gradient: one of the matrices; with the head, which may be the embedding, all
    /// the rest.
    /// </summary>
    public void AddTo(ParameterSet parameters, Kernels kernels, int part)
    {
        weights.Matrices[part].AddTo(parameters, kernels, Matrix(part));
        if (part == weights.Matrices.Count - 1)
            fixed (float* gradient = parameters.Gradient)
            {
                for (var token = 0; token < shape.Vocabulary; token++)
                    kernels.Add(Embedding(token), gradient + tensors.Embedding.Offset + (token * shape.Width), shape.Width);
                for (var i = 0; i < weights.Gains.Count; i++)
                    kernels.Add(Gain(i), gradient + weights.Gains[i].Offset, shape.Width);
            }
    }

    private static int[] Offsets(PackedWeights weights)
    {
        var offsets = new int[weights.Matrices.Count + 1];
        for (var i = 0; i < weights.Matrices.Count; i++)
            offsets[i + 1] = offsets[i] + weights.Matrices[i].GradientLength;
        return offsets;
    }
}
