namespace UniPo.Engine;

/// <summary>Keys (rotated, as columns) and values of prompts and responses in every layer.</summary>
internal sealed unsafe class KeyValueCache(TransformerShape shape)
{
    private readonly FloatBuffer _promptKeys = new(),
        _promptValues = new(),
        _own = new();
    private readonly List<Place> _places = [];
    private FloatBuffer _ownPlace = new();
    private long _promptKeyFloats,
        _promptValueFloats,
        _rows;
    private int _group,
        _longest,
        _ownStride;

    /// <summary>Where a prompt's keys and values begin within a layer.</summary>
    private readonly record struct Place(long Keys, long Values, int Rows, int Stride);

    /// <summary>Makes room for prompts, and for responses of at most a number of tokens.</summary>
    /// <param name="prompts">A segment for each prompt.</param>
    /// <param name="group">Responses to each.</param>
    /// <param name="longest">Tokens of the longest response.</param>
    /// <param name="reused">Where the responses' keys and values may lie; null for a place of their own.</param>
    public void Reserve(ReadOnlySpan<SequenceRows.Segment> prompts, int group, int longest, FloatBuffer? reused)
    {
        _places.Clear();
        (_promptKeyFloats, _promptValueFloats) = (0, 0);
        foreach (var prompt in prompts)
        {
            var stride = Padding.Up(prompt.PromptRows);
            _places.Add(new Place(_promptKeyFloats, _promptValueFloats, prompt.PromptRows, stride));
            _promptKeyFloats += (long)shape.Width * stride;
            _promptValueFloats += (long)shape.Heads * prompt.PromptRows * shape.Rotary.Stride;
        }
        (_group, _longest, _ownStride, _rows) = (group, longest, Padding.Up(longest), (long)prompts.Length * group);
        _promptKeys.Reserve(shape.Layers * _promptKeyFloats);
        _promptValues.Reserve(shape.Layers * _promptValueFloats);
        _ownPlace = reused ?? _own;
        _ownPlace.Reserve(shape.Layers * _rows * (OwnKeyFloats + OwnValueFloats)); // all keys, then all values
    }

    private long OwnKeyFloats => (long)shape.Width * _ownStride;

    private long OwnValueFloats => (long)shape.Heads * _longest * shape.Rotary.Stride;

    /// <summary>Keeps a prompt's keys and values.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="queryKeyValue">Its rows of queries, keys (rotated) and values.</param>
    public void StorePrompt(int layer, int prompt, float* queryKeyValue)
    {
        var place = _places[prompt];
        var (size, head) = (shape.HeadSize, shape.Rotary.Stride);
        for (var row = 0; row < place.Rows; row++)
        for (var h = 0; h < shape.Heads; h++)
        {
            var source = queryKeyValue + (row * 3L * shape.Stride) + shape.Stride + (h * size);
            var keys = PromptKeys(layer, place) + (h * (long)size * place.Stride) + row;
            for (var i = 0; i < size; i++)
                keys[i * (long)place.Stride] = source[i];
            new ReadOnlySpan<float>(source + shape.Stride, size).CopyTo(
                new Span<float>(PromptValues(layer, place) + (((h * (long)place.Rows) + row) * head), size)
            );
        }
    }

    /// <summary>Tokens of a row's prompt.</summary>
    public int PromptOf(int row) => _places[row / _group].Rows;

    /// <summary>The attention of one new token of a response.</summary>
    public CachedAttention Token(int layer, int row, int earlier, float* queryKeyValue, float* attended, float* scratch)
    {
        var place = _places[row / _group];
        return new CachedAttention
        {
            QueryKeyValue = queryKeyValue,
            Attended = attended,
            Part = shape.Stride,
            Heads = shape.Heads,
            HeadSize = shape.HeadSize,
            Prompt = place.Rows,
            Earlier = earlier,
            PromptKeys = PromptKeys(layer, place),
            PromptValues = PromptValues(layer, place),
            PromptStride = place.Stride,
            OwnKeys = _ownPlace.Pointer + (((layer * _rows) + row) * OwnKeyFloats),
            OwnValues = _ownPlace.Pointer + (shape.Layers * _rows * OwnKeyFloats) + (((layer * _rows) + row) * OwnValueFloats),
            OwnStride = _ownStride,
            Longest = _longest,
            Scratch = scratch,
        };
    }

    private float* PromptKeys(int layer, in Place place) => _promptKeys.Pointer + (layer * _promptKeyFloats) + place.Keys;

    private float* PromptValues(int layer, in Place place) => _promptValues.Pointer + (layer * _promptValueFloats) + place.Values;
}
