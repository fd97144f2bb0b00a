namespace UniPo.Engine;

/// <summary>The transformer's forward pass, step by step (Vaswani et al. 2017 in the form of Touvron et al. 2023).</summary>
/// <remarks>
/// x is the residual stream, one row a token. Each layer adds two things to it: what attention gathers from earlier tokens, and
/// what a gated unit makes of the row itself. Only attention looks at more than one row; all else runs over tiles of rows that
/// fit the cache.
/// </remarks>
internal sealed unsafe class TransformerForward(TransformerShape shape, PackedWeights weights)
{
    /// <summary>From token ids to logits.</summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="rows">Which token stands where.</param>
    /// <param name="block">The rows to compute.</param>
    /// <param name="activations">Receives what is computed.</param>
    /// <param name="first">The block's first row in <paramref name="activations"/>.</param>
    /// <param name="memory">The thread's scratch.</param>
    /// <param name="cache">Receives keys and values when the segments are prompts to be continued; null to keep none.</param>
    public void Run(
        Kernels kernels,
        SequenceRows rows,
        SequenceRows.RowBlock block,
        Activations activations,
        int first,
        WorkerMemory memory,
        KeyValueCache? cache = null
    )
    {
        Embed(rows.Tokens.Slice(block.Row, block.Rows), activations.Layer(0, first).Input);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            foreach (var tile in new RowTiles(block.Rows))
                QueriesKeysValues(kernels, layer, activations.Layer(layer, first + tile.Row), tile.Rows, memory);
            for (var s = block.FirstSegment; s < block.FirstSegment + block.Segments; s++)
            {
                var at = activations.Layer(layer, first + rows.Segments[s].Row - block.Row);
                Attend(kernels, rows.Segments[s], rows.InputLengths(rows.Segments[s]), at, memory);
                cache?.StorePrompt(layer, s, at.QueryKeyValue);
            }
            foreach (var tile in new RowTiles(block.Rows))
                FinishLayer(kernels, layer, activations.Layer(layer, first + tile.Row), tile.Rows, memory);
        }
        foreach (var tile in new RowTiles(block.Rows))
            Predict(kernels, activations, first + tile.Row, tile.Rows, memory);
    }

    /// <summary>x = embedding of the token.</summary>
    public void Embed(ReadOnlySpan<int> tokens, float* x)
    {
        foreach (var token in tokens)
        {
            new Span<float>(weights.Embedding(token), shape.Stride).CopyTo(new Span<float>(x, shape.Stride));
            x += shape.Stride;
        }
    }

    /// <summary>[q | k | v] = norm(x) · [Wq | Wk | Wv]ᵀ.</summary>
    public void QueriesKeysValues(Kernels kernels, int layer, in Activations.LayerRows at, int rows, WorkerMemory memory)
    {
        kernels.RmsNorm(
            at.Input,
            weights.Layers[layer].InputNorm.Values,
            memory.Normed,
            rows,
            shape.Width,
            shape.Stride,
            shape.Epsilon
        );
        weights.Layers[layer].QueryKeyValue.Multiply(kernels, memory.Normed, at.QueryKeyValue, rows);
    }

    /// <summary>
    /// Queries and keys are rotated by their positions; then every row gathers the values of the rows it may look at.
    /// </summary>
    private void Attend(
        Kernels kernels,
        in SequenceRows.Segment segment,
        ReadOnlySpan<int> responses,
        in Activations.LayerRows at,
        WorkerMemory memory
    )
    {
        Rotate(kernels, at.QueryKeyValue, segment.PromptRows, responses);
        kernels.Attention(
            new AttentionRows
            {
                QueryKeyValue = at.QueryKeyValue,
                Attended = at.Attended,
                Part = shape.Stride,
                Heads = shape.Heads,
                HeadSize = shape.HeadSize,
                Prompt = segment.PromptRows,
                Responses = responses,
                Scratch = memory.Attention,
            }
        );
    }

    /// <summary>
    /// Rotates queries and keys by their position: those of the prompt, then of each response, which goes on where the prompt
    /// ends.
    /// </summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="queryKeyValue">Rows of queries, keys and values, or (with direction −1) of the derivatives by them, from the
    /// prompt's first on.</param>
    /// <param name="prompt">Rows of the prompt.</param>
    /// <param name="responses">Rows of each response.</param>
    /// <param name="direction">1 forward, −1 back.</param>
    public void Rotate(Kernels kernels, float* queryKeyValue, int prompt, ReadOnlySpan<int> responses, float direction = 1)
    {
        kernels.Rotate(queryKeyValue, 3 * shape.Stride, shape.Stride, shape.Heads, shape.Rotary, prompt, position: 0, direction);
        queryKeyValue += prompt * 3L * shape.Stride;
        foreach (var length in responses)
        {
            kernels.Rotate(
                queryKeyValue,
                3 * shape.Stride,
                shape.Stride,
                shape.Heads,
                shape.Rotary,
                length,
                position: prompt,
                direction
            );
            queryKeyValue += length * 3L * shape.Stride;
        }
    }

    /// <summary>Rotates one row's query and key.</summary>
    public void Rotate(Kernels kernels, float* queryKeyValue, int position) =>
        kernels.Rotate(queryKeyValue, 3 * shape.Stride, shape.Stride, shape.Heads, shape.Rotary, 1, position);

    /// <summary>x += attended · Woᵀ, then x += (swish(norm(x) · Wgᵀ) ∘ (norm(x) · Wuᵀ)) · Wdᵀ.</summary>
    public void FinishLayer(Kernels kernels, int layer, in Activations.LayerRows at, int rows, WorkerMemory memory)
    {
        var of = weights.Layers[layer];
        Middle(kernels, layer, at, rows, memory);
        kernels.RmsNorm(memory.Middle, of.MiddleNorm.Values, memory.Normed, rows, shape.Width, shape.Stride, shape.Epsilon);
        of.GateUp.Multiply(kernels, memory.Normed, at.GateUp, rows);
        kernels.SwiGlu(at.GateUp, memory.Gated, rows, shape.HiddenStride);
        of.Down.Multiply(kernels, memory.Gated, at.Output, rows, start: memory.Middle);
    }

    /// <summary>The residual stream between attention and gated unit.</summary>
    public void Middle(Kernels kernels, int layer, in Activations.LayerRows at, int rows, WorkerMemory memory) =>
        weights.Layers[layer].Output.Multiply(kernels, at.Attended, memory.Middle, rows, start: at.Input);

    /// <summary>logits = norm(x) · Wᵀ, and with a value head V = norm(x) · v.</summary>
    public void Predict(Kernels kernels, Activations activations, int row, int rows, WorkerMemory memory)
    {
        kernels.RmsNorm(
            activations.Final(row),
            weights.FinalNorm.Values,
            memory.Normed,
            rows,
            shape.Width,
            shape.Stride,
            shape.Epsilon
        );
        weights.Head.Multiply(kernels, memory.Normed, activations.Logits(row), rows);
        if (weights.ValueHead is not { } head)
            return;
        for (var i = 0; i < rows; i++)
            *activations.Value(row + i) = kernels.Dot(memory.Normed + (i * shape.Stride), head.Values, shape.Stride);
    }
}
