namespace UniPo.Engine;

/// <summary>What a forward pass computes, row by row, as far as a backward pass needs it again.</summary>
internal sealed unsafe class Activations(TransformerShape shape)
{
    private readonly FloatBuffer _stream = new(),
        _queryKeyValue = new(),
        _attended = new(),
        _gateUp = new(),
        _logits = new(),
        _values = new();
    private FloatBuffer _gateUpPlace = new();
    private long _rows;
    private bool _recording;

    /// <summary>One layer's rows, from a given row on.</summary>
    public readonly struct LayerRows
    {
        /// <summary>The residual stream before the layer.</summary>
        public required float* Input { get; init; }

        /// <summary>Queries, keys and values; the first two rotated.</summary>
        public required float* QueryKeyValue { get; init; }

        /// <summary>What attention gathered, before the output projection.</summary>
        public required float* Attended { get; init; }

        /// <summary>The gated unit's two projections.</summary>
        public required float* GateUp { get; init; }

        /// <summary>The residual stream after the layer.</summary>
        public required float* Output { get; init; }
    }

    /// <summary>Makes room for a number of rows.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="recording">True keeps all layers, for a backward pass; false lets them share one place.</param>
    /// <param name="reused">Where the gated unit's projections, nearly half of all, may lie; null for a place of their own.</param>
    public void Reserve(int rows, bool recording, FloatBuffer? reused = null)
    {
        (_rows, _recording) = (Padding.Rows(rows), recording);
        var layers = recording ? shape.Layers : 1;
        _stream.Reserve(_rows * shape.Stride * (recording ? layers + 1 : 1));
        _queryKeyValue.Reserve(_rows * 3 * shape.Stride * layers);
        _attended.Reserve(_rows * shape.Stride * layers);
        _gateUpPlace = reused ?? _gateUp;
        _gateUpPlace.Reserve(_rows * 2 * shape.HiddenStride * layers);
        _logits.Reserve(_rows * shape.LogitStride);
        _values.Reserve(_rows);
    }

    /// <summary>The rows of a layer, from <paramref name="row"/> on.</summary>
    public LayerRows Layer(int layer, int row)
    {
        var at = _recording ? (layer * _rows) + row : row;
        return new LayerRows
        {
            Input = _stream.Pointer + (at * shape.Stride),
            QueryKeyValue = _queryKeyValue.Pointer + (at * 3 * shape.Stride),
            Attended = _attended.Pointer + (at * shape.Stride),
            GateUp = _gateUpPlace.Pointer + (at * 2 * shape.HiddenStride),
            Output = _stream.Pointer + ((_recording ? at + _rows : at) * shape.Stride),
        };
    }

    /// <summary>The residual stream after the last layer.</summary>
    public float* Final(int row) => Layer(shape.Layers - 1, row).Output;

    /// <summary>Logits divided by the temperature, minus their maximum.</summary>
    public float* Logits(int row) => _logits.Pointer + (row * (long)shape.LogitStride);

    /// <summary>Value estimate of a row.</summary>
    public float* Value(int row) => _values.Pointer + row;
}
