using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// All weights laid out for the kernels. Filled anew from the parameters before each use: whoever changed them need not say so.
/// </summary>
internal sealed unsafe class PackedWeights : IParallelWork
{
    /// <summary>The matrices of one block; gains are pointers into the padded copies.</summary>
    public sealed record Block(PackedMatrix QueryKeyValue, PackedMatrix Output, PackedMatrix GateUp, PackedMatrix Down);

    private readonly TransformerTensors _tensors;
    private readonly PackedMatrix[] _matrices;
    private readonly ParameterTensor[] _gains;
    private readonly FloatBuffer _rows = new();
    private readonly int _stride,
        _embeddings;
    private Kernels _kernels = Kernels.Widest;
    private bool _backward;

    public PackedWeights(TransformerTensors tensors)
    {
        _tensors = tensors;
        Blocks =
        [
            .. tensors.Blocks.Select(b => new Block(new(b.Query, b.Key, b.Value), new(b.Output), new(b.Gate, b.Up), new(b.Down))),
        ];
        Head = new PackedMatrix(tensors.Head);
        _matrices = [.. Blocks.SelectMany(b => new[] { b.QueryKeyValue, b.Output, b.GateUp, b.Down }), Head];
        _gains = [.. tensors.Blocks.SelectMany(b => new[] { b.InputNorm, b.MiddleNorm }), tensors.FinalNorm];
        if (tensors.ValueHead is { } value)
            _gains = [.. _gains, value];
        _stride = Padding.Up(tensors.Embedding.Shape[1]);
        _embeddings = tensors.Embedding.Shape[0];
    }

    public IReadOnlyList<Block> Blocks { get; }

    public PackedMatrix Head { get; }

    /// <summary>All matrices: four for each block, then the head.</summary>
    public IReadOnlyList<PackedMatrix> Matrices => _matrices;

    /// <summary>All vectors: two norms for each block, the final norm, then the value head if there is one.</summary>
    public IReadOnlyList<ParameterTensor> Gains => _gains;

    /// <summary>One token's embedding, padded.</summary>
    public float* Embedding(int token) => _rows.Pointer + (token * (nint)_stride);

    /// <summary>One of the <see cref="Gains"/>, padded.</summary>
    public float* Gain(int index) => _rows.Pointer + ((_embeddings + index) * (nint)_stride);

    public float* InputNorm(int layer) => Gain(2 * layer);

    public float* MiddleNorm(int layer) => Gain((2 * layer) + 1);

    public float* FinalNorm => Gain(2 * Blocks.Count);

    public bool HasValueHead => _tensors.ValueHead is not null;

    public float* ValueHead => Gain((2 * Blocks.Count) + 1);

    /// <summary>Copies the parameters as they are now.</summary>
    /// <param name="compute">Where to run.</param>
    /// <param name="backward">True also prepares the products of a backward pass.</param>
    public void Fill(Compute compute, bool backward)
    {
        (_kernels, _backward) = (compute.Kernels, backward);
        _rows.Reserve((long)(_embeddings + _gains.Length) * _stride);
        var parameters = _tensors.Parameters;
        for (var token = 0; token < _embeddings; token++)
            CopyRow(parameters[_tensors.Embedding], token, Embedding(token));
        for (var i = 0; i < _gains.Length; i++)
            CopyRow(parameters[_gains[i]], 0, Gain(i));
        compute.Run(this, _matrices.Length);
    }

    void IParallelWork.Do(int part, int worker)
    {
        _matrices[part].PackForward(_tensors.Parameters, _kernels);
        if (_backward)
            _matrices[part].PackBackward(_tensors.Parameters);
    }

    private void CopyRow(ReadOnlySpan<float> source, int row, float* target)
    {
        var width = _tensors.Embedding.Shape[1];
        source.Slice(row * width, width).CopyTo(new Span<float>(target, width));
    }
}
