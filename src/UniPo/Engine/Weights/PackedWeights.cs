using System.Runtime.InteropServices;
using UniPo.Numerics;

namespace UniPo.Engine;

/// <summary>
/// All weights laid out for the kernels. Filled anew from the parameters before each use: whoever changed them need not say so.
/// </summary>
internal sealed unsafe class PackedWeights : IParallelWork
{
    private readonly TransformerTensors _tensors;
    private readonly List<PackedMatrix> _matrices = [];
    private readonly List<PackedVector> _vectors = [];
    private readonly FloatBuffer _rows = new(); // the embedding's rows, then the vectors
    private readonly int _stride,
        _embeddings;
    private Kernels _kernels = Kernels.Widest;
    private bool _backward;

    /// <summary>The weights of one layer, in the order in which the forward pass uses them.</summary>
    public sealed record LayerWeights(
        PackedVector InputNorm,
        PackedMatrix QueryKeyValue,
        PackedMatrix Output,
        PackedVector MiddleNorm,
        PackedMatrix GateUp,
        PackedMatrix Down
    );

    public PackedWeights(TransformerTensors tensors)
    {
        _tensors = tensors;
        _stride = Padding.Up(tensors.Embedding.Shape[1]);
        _embeddings = tensors.Embedding.Shape[0];
        Layers =
        [
            .. tensors.Blocks.Select(b => new LayerWeights(
                Vector(b.InputNorm),
                Matrix(b.Query, b.Key, b.Value),
                Matrix(b.Output),
                Vector(b.MiddleNorm),
                Matrix(b.Gate, b.Up),
                Matrix(b.Down)
            )),
        ];
        FinalNorm = Vector(tensors.FinalNorm);
        Head = Matrix(tensors.Head);
        ValueHead = tensors.ValueHead is { } value ? Vector(value) : null;
    }

    public IReadOnlyList<LayerWeights> Layers { get; }

    public PackedVector FinalNorm { get; }

    /// <summary>The output layer [V, width]; a copy of the embedding where they are tied.</summary>
    public PackedMatrix Head { get; }

    /// <summary>[width] the critic; null without one.</summary>
    public PackedVector? ValueHead { get; }

    public ReadOnlySpan<PackedMatrix> Matrices => CollectionsMarshal.AsSpan(_matrices);

    public ReadOnlySpan<PackedVector> Vectors => CollectionsMarshal.AsSpan(_vectors);

    /// <summary>[width, padded] one token's embedding.</summary>
    public float* Embedding(int token) => _rows.Pointer + (token * (nint)_stride);

    /// <summary>Copies the parameters as they are now.</summary>
    /// <param name="compute">Where to run.</param>
    /// <param name="backward">True also prepares the products of a backward pass.</param>
    /// <exception cref="NotFiniteNumberException">A parameter is NaN or infinite.</exception>
    public void Fill(Compute compute, bool backward)
    {
        (_kernels, _backward) = (compute.Kernels, backward);
        var parameters = _tensors.Parameters;
        parameters.RequireFinite();
        _rows.Reserve((long)(_embeddings + _vectors.Count) * _stride);
        for (var token = 0; token < _embeddings; token++)
            CopyRow(parameters[_tensors.Embedding], token, Embedding(token));
        foreach (var vector in _vectors)
            CopyRow(parameters[vector.Tensor], 0, vector.Values);
        compute.Run(this, _matrices.Count);
    }

    void IParallelWork.Do(int part, int worker)
    {
        _matrices[part].PackForward(_tensors.Parameters, _kernels);
        if (_backward)
            _matrices[part].PackBackward(_tensors.Parameters);
    }

    private PackedMatrix Matrix(params ParameterTensor[] parts)
    {
        var offset = _matrices.Count == 0 ? 0 : _matrices[^1].GradientOffset + _matrices[^1].GradientLength;
        _matrices.Add(new PackedMatrix(parts, offset));
        return _matrices[^1];
    }

    private PackedVector Vector(ParameterTensor tensor)
    {
        _vectors.Add(new PackedVector(tensor, _rows, _embeddings + _vectors.Count, _stride));
        return _vectors[^1];
    }

    private void CopyRow(ReadOnlySpan<float> source, int row, float* target)
    {
        var width = _tensors.Embedding.Shape[1];
        source.Slice(row * width, width).CopyTo(new Span<float>(target, width));
    }
}
