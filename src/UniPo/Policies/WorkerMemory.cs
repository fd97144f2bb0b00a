using UniPo.Numerics;

namespace UniPo;

/// <summary>What one thread needs besides the activations: results that are used at once and not kept.</summary>
internal sealed unsafe class WorkerMemory(TransformerShape shape)
{
    private readonly FloatBuffer _stream = new(), _hidden = new(), _logits = new(), _token = new();

    /// <summary>Activations of one chunk, for passes that keep nothing.</summary>
    public Activations Activations { get; } = new(shape);

    public AttentionScratch Attention { get; } = new();

    /// <summary>[rows] normalised rows, and the derivative by them.</summary>
    public float* Normed, NormedGradient;

    /// <summary>[rows] derivative by the residual stream, by attended values, and by queries, keys and values.</summary>
    public float* StreamGradient, AttendedGradient, QueryKeyValueGradient;

    /// <summary>[rows] the gated unit's output, and derivatives by it and by its two projections.</summary>
    public float* Gated, GatedGradient, GateUpGradient;

    /// <summary>[rows] derivative by the logits.</summary>
    public float* LogitGradient;

    /// <summary>Room for one token's attention over a whole context.</summary>
    public float* Token => _token.Pointer;

    /// <summary>Makes room for a number of rows.</summary>
    public void Reserve(int rows, int context)
    {
        long padded = Padding.Rows(rows), stream = padded * shape.Stride, hidden = padded * shape.HiddenStride;
        Normed = _stream.Reserve(7 * stream);
        NormedGradient = Normed + stream;
        StreamGradient = NormedGradient + stream;
        AttendedGradient = StreamGradient + stream;
        QueryKeyValueGradient = AttendedGradient + stream;
        Gated = _hidden.Reserve(4 * hidden);
        GatedGradient = Gated + hidden;
        GateUpGradient = GatedGradient + hidden;
        LogitGradient = _logits.Reserve(padded * shape.LogitStride);
        _token.Reserve(CachedAttention.ScratchFloats(shape.Heads, shape.HeadSize, context));
    }
}
