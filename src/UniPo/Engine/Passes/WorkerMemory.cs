namespace UniPo.Engine;

/// <summary>What one thread needs besides the activations: results that are used at once and not kept.</summary>
internal sealed unsafe class WorkerMemory(TransformerShape shape)
{
    private readonly FloatBuffer _tile = new(),
        _stream = new(),
        _logits = new(),
        _token = new();

    private int _rows;

    /// <summary>Activations of one block, for passes that keep nothing.</summary>
    public Activations Activations { get; } = new(shape);

    public AttentionScratch Attention { get; } = new();

    /// <summary>[tile] normalised rows, and the derivative by them.</summary>
    public float* Normed,
        NormedGradient;

    /// <summary>[tile] the residual stream between attention and gated unit.</summary>
    public float* Middle;

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

    /// <summary>Makes room for a number of rows; never for fewer than before, since a backward pass may still be to come.</summary>
    public void Reserve(int rows, int context)
    {
        rows = _rows = Math.Max(_rows, rows);
        long tile = Padding.Rows(RowTiles.Rows),
            stream = Padding.Rows(rows) * (long)shape.Stride;
        Normed = _tile.Reserve(tile * ((3 * shape.Stride) + (4 * shape.HiddenStride)));
        NormedGradient = Normed + (tile * shape.Stride);
        Middle = NormedGradient + (tile * shape.Stride);
        Gated = Middle + (tile * shape.Stride);
        GatedGradient = Gated + (tile * shape.HiddenStride);
        GateUpGradient = GatedGradient + (tile * shape.HiddenStride);
        StreamGradient = _stream.Reserve(5 * stream);
        AttendedGradient = StreamGradient + stream;
        QueryKeyValueGradient = AttendedGradient + stream;
        LogitGradient = _logits.Reserve(Padding.Rows(rows) * (long)shape.LogitStride);
        // For the largest case at once, so that a thread which first gets work late allocates nothing then.
        var head = Padding.Up(shape.HeadSize);
        Attention.Reserve(context, context, head, shape.HeadSize == head ? 0 : rows);
        _token.Reserve(CachedAttention.ScratchFloats(shape.Heads, shape.HeadSize, context));
    }
}
