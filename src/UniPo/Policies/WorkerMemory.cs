using UniPo.Numerics;

namespace UniPo;

/// <summary>What one thread needs besides the activations: results that are used at once and not kept.</summary>
internal sealed unsafe class WorkerMemory(TransformerShape shape)
{
    private readonly FloatBuffer _tile = new(),
        _stream = new(),
        _logits = new(),
        _token = new();

    /// <summary>Activations of one chunk, for passes that keep nothing.</summary>
    public Activations Activations { get; } = new(shape);

    public AttentionScratch Attention { get; } = new();

    /// <summary>[tile] normalised rows, and the derivative by them.</summary>
    public float* Normed,
        NormedGradient;

    /// <summary>[tile] the gated unit's output, and derivatives by it and by its two projections.</summary>
    public float* Gated,
        GatedGradient,
        GateUpGradient;

    /// <summary>[rows] derivative by the residual stream, by attended values, and by queries, keys and values.</summary>
    public float* StreamGradient,
        AttendedGradient,
        QueryKeyValueGradient;

    /// <summary>[rows] derivative by the logits.</summary>
    public float* LogitGradient;

    /// <summary>Room for one token's attention over a whole context.</summary>
    public float* Token => _token.Pointer;

    /// <summary>Makes room for a number of rows.</summary>
    public void Reserve(int rows, int context)
    {
        long tile = Padding.Rows(RowTiles.Rows),
            stream = Padding.Rows(rows) * (long)shape.Stride;
        Normed = _tile.Reserve(tile * ((2 * shape.Stride) + (4 * shape.HiddenStride)));
        NormedGradient = Normed + (tile * shape.Stride);
        Gated = NormedGradient + (tile * shape.Stride);
        GatedGradient = Gated + (tile * shape.HiddenStride);
        GateUpGradient = GatedGradient + (tile * shape.HiddenStride);
        StreamGradient = _stream.Reserve(5 * stream);
        AttendedGradient = StreamGradient + stream;
        QueryKeyValueGradient = AttendedGradient + stream;
        LogitGradient = _logits.Reserve(Padding.Rows(rows) * (long)shape.LogitStride);
        _token.Reserve(CachedAttention.ScratchFloats(shape.Heads, shape.HeadSize, context));
    }
}
