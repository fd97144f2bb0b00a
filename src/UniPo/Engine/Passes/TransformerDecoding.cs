using UniPo.Numerics;

namespace UniPo.Engine;

/// <summary>
/// Responses being written with a key-value cache. A prompt is read once for its whole group; rows that have ended cost nothing.
/// </summary>
internal sealed unsafe class TransformerDecoding(TransformerParts parts) : IDecoding, IParallelWork, IBufferUser
{
    private readonly TransformerShape _shape = parts.Shape;
    private readonly SequenceRows _prompts = new();
    private readonly Activations _activations = new(parts.Shape);
    private readonly KeyValueCache _cache = new(parts.Shape);
    private float[] _logits = [];
    private int[] _open = [],
        _tokens = [];
    private int _group,
        _openCount,
        _length,
        _longest;
    private bool _disposed = true,
        _prefilling;
    private Kernels _kernels = Kernels.Widest;

    /// <summary>True while nobody uses it, so that it may be started again.</summary>
    public bool IsFree => _disposed;

    bool IBufferUser.NeedsBuffer => !_disposed;

    public int Rows { get; private set; }

    public ReadOnlySpan<float> Logits => _logits.AsSpan(0, Rows * _shape.Vocabulary);

    /// <summary>
    /// Parts of a step: as many as threads, more where a part would have more rows than a tile, fewer where rows are few.
    /// </summary>
    private int Parts
    {
        get
        {
            var blocks = (_openCount + 7) / 8;
            var tiles = (blocks + (RowTiles.Rows / 8) - 1) / (RowTiles.Rows / 8);
            return Math.Min(blocks, (tiles + parts.Compute.Threads - 1) / parts.Compute.Threads * parts.Compute.Threads);
        }
    }

    /// <summary>Reads the prompts.</summary>
    public void Start(IReadOnlyList<int[]> prompts, int group, int maxTokens)
    {
        Check(prompts, group, maxTokens);
        using var use = parts.Use.Begin();
        _prompts.Assign(prompts, parts.Config, _shape.Vocabulary);
        (_group, _longest, _length, _kernels) = (group, maxTokens, 0, parts.Compute.Kernels);
        Rows = _openCount = prompts.Count * group;
        if (_logits.Length < Rows * _shape.Vocabulary)
            _logits = new float[Rows * _shape.Vocabulary];
        if (_open.Length < Rows)
            (_open, _tokens) = (new int[Rows], new int[Rows]);
        for (var row = 0; row < Rows; row++)
            _open[row] = row;

        parts.ReserveMemory(_prompts.LargestBlock, activations: true);
        _activations.Reserve(Rows + (16 * Parts), recording: false);
        _cache.Reserve(_prompts.Segments, group, maxTokens, parts.ReusedBuffer.Take(this));
        parts.Weights.Fill(parts.Compute, backward: false);
        _prefilling = true;
        parts.Compute.Run(this, _prompts.Blocks.Count);
        GC.KeepAlive(this); // and with it the memory that the kernels' pointers lead to
        _prefilling = false;
        _disposed = false;
    }

    public void Choose(ReadOnlySpan<double> places, double temperature, Span<NextToken> chosen)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var use = parts.Use.Begin();
        for (var row = 0; row < Rows; row++)
            if (!double.IsNaN(places[row]))
                chosen[row] = SinglePrecisionDraw.Choose(
                    Logits.Slice(row * _shape.Vocabulary, _shape.Vocabulary),
                    temperature,
                    places[row]
                );
    }

    public void Append(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tokens.Length != Rows)
            throw new ArgumentException($"There are {Rows} rows, but {tokens.Length} tokens were given.");
        if (_length + 1 >= _longest)
            throw new InvalidOperationException(
                $"Responses of at most {_longest} tokens were asked for; there is no token after the {_length + 1} already written."
            );
        using var use = parts.Use.Begin();
        var open = 0;
        for (var i = 0; i < _openCount; i++)
        {
            var (row, token) = (_open[i], tokens[_open[i]]);
            if (token < 0)
                continue;
            if (token >= _shape.Vocabulary)
                throw new ArgumentException(
                    $"Row {row} got the token id {token}; ids of this vocabulary lie in [0, {_shape.Vocabulary})."
                );
            (_open[open], _tokens[open++]) = (row, token);
        }
        _openCount = open;
        parts.Compute.Run(this, Parts);
        GC.KeepAlive(this);
        _length++;
    }

    public void Dispose() => _disposed = true;

    void IParallelWork.Do(int part, int worker)
    {
        if (_prefilling)
            ReadPrompts(_prompts.Blocks[part], parts.Memory(worker));
        else
        {
            // Whole blocks of eight rows; each part's activations begin sixteen rows further on, since blocks may run over its
            // end.
            var blocks = (_openCount + 7) / 8;
            var (first, end) = (8 * (part * blocks / Parts), Math.Min(8 * ((part + 1) * blocks / Parts), _openCount));
            Step(first, end - first, first + (16 * part), parts.Memory(worker));
        }
    }

    private void ReadPrompts(SequenceRows.RowBlock block, WorkerMemory memory)
    {
        parts.Forward.Run(_kernels, _prompts, block, memory.Activations, 0, memory, _cache);
        for (var s = block.FirstSegment; s < block.FirstSegment + block.Segments; s++)
        {
            var last = _prompts.Segments[s].Row + _prompts.Segments[s].PromptRows - 1 - block.Row;
            for (var row = s * _group; row < (s + 1) * _group; row++)
                CopyLogits(memory.Activations.Logits(last), row);
        }
    }

    /// <summary>The forward pass for one new token in each of some rows.</summary>
    private void Step(int first, int count, int place, WorkerMemory memory)
    {
        parts.Forward.Embed(_tokens.AsSpan(first, count), _activations.Layer(0, place).Input);
        for (var layer = 0; layer < _shape.Layers; layer++)
        {
            var at = _activations.Layer(layer, place);
            parts.Forward.QueriesKeysValues(_kernels, layer, at, count, memory);
            for (var i = 0; i < count; i++)
            {
                var row = _open[first + i];
                var queryKeyValue = at.QueryKeyValue + (i * 3L * _shape.Stride);
                parts.Forward.Rotate(_kernels, queryKeyValue, _cache.PromptOf(row) + _length);
                _kernels.Attention(
                    _cache.Token(layer, row, _length, queryKeyValue, at.Attended + (i * (long)_shape.Stride), memory.Token)
                );
            }
            parts.Forward.FinishLayer(_kernels, layer, at, count, memory);
        }
        parts.Forward.Predict(_kernels, _activations, place, count, memory);
        for (var i = 0; i < count; i++)
            CopyLogits(_activations.Logits(place + i), _open[first + i]);
    }

    private void CopyLogits(float* source, int row) =>
        new ReadOnlySpan<float>(source, _shape.Vocabulary).CopyTo(_logits.AsSpan(row * _shape.Vocabulary));

    private void Check(IReadOnlyList<int[]> prompts, int group, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0)
            throw new ArgumentException("There are no prompts; give at least one.");
        if (group < 1)
            throw new ArgumentOutOfRangeException(nameof(group), $"The group size must be at least 1, but was {group}.");
        if (maxTokens < 1)
            throw new ArgumentOutOfRangeException(
                nameof(maxTokens),
                $"The longest response must have at least 1 token, but maxTokens was {maxTokens}."
            );
        for (var p = 0; p < prompts.Count; p++)
        {
            if (prompts[p].Length == 0)
                throw new ArgumentException($"Prompt {p} is empty; a model needs at least one token to start from.");
            if (prompts[p].Length + maxTokens > parts.Config.ContextLength)
                throw new ArgumentException(
                    $"Prompt {p} has {prompts[p].Length} tokens and the response may have {maxTokens}, {prompts[p].Length + maxTokens} together, but the context holds {parts.Config.ContextLength}."
                );
        }
    }
}
