namespace UniPo.Engine;

/// <summary>
/// The backward pass: the steps of <see cref="TransformerForward"/> in reverse. dX stands for the derivative of the objective by
/// X.
/// </summary>
/// <remarks>
/// Normalised rows and the gated unit's output are computed again, which is cheaper than keeping them; so is the residual stream
/// before the gated unit, which costs 3 % of the arithmetic and saves a twelfth of the memory.
/// </remarks>
internal sealed unsafe class TransformerBackward(TransformerShape shape, PackedWeights weights, TransformerForward forward)
{
    /// <summary>From dLogits, which stand in the thread's memory, to the gradient of all weights.</summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="rows">Which token stands where.</param>
    /// <param name="block">The rows to compute.</param>
    /// <param name="activations">What the forward pass recorded.</param>
    /// <param name="valueGradient">[rows of the block] derivative by each row's value estimate; empty without one.</param>
    /// <param name="memory">The thread's scratch.</param>
    /// <param name="sum">Receives the gradient.</param>
    public void Run(
        Kernels kernels,
        SequenceRows rows,
        SequenceRows.RowBlock block,
        Activations activations,
        ReadOnlySpan<float> valueGradient,
        WorkerMemory memory,
        GradientSum sum
    )
    {
        foreach (var tile in new RowTiles(block.Rows))
            Predict(
                kernels,
                activations.Final(block.Row + tile.Row),
                tile,
                valueGradient.IsEmpty ? default : valueGradient.Slice(tile.Row, tile.Rows),
                memory,
                sum
            );
        for (var layer = shape.Layers - 1; layer >= 0; layer--)
        {
            foreach (var tile in new RowTiles(block.Rows))
                GatedUnit(kernels, layer, activations.Layer(layer, block.Row + tile.Row), tile, memory, sum);
            for (var s = block.FirstSegment; s < block.FirstSegment + block.Segments; s++)
                Attend(
                    kernels,
                    rows.Segments[s],
                    rows.InputLengths(rows.Segments[s]),
                    activations.Layer(layer, rows.Segments[s].Row),
                    rows.Segments[s].Row - block.Row,
                    memory
                );
            foreach (var tile in new RowTiles(block.Rows))
                QueriesKeysValues(kernels, layer, activations.Layer(layer, block.Row + tile.Row), tile, memory, sum);
        }
        Embed(kernels, rows.Tokens.Slice(block.Row, block.Rows), memory, sum);
    }

    private void Predict(
        Kernels kernels,
        float* x,
        RowTiles.Tile tile,
        ReadOnlySpan<float> valueGradient,
        WorkerMemory memory,
        GradientSum sum
    )
    {
        var (width, stride) = (shape.Width, shape.Stride);
        var dlogits = memory.LogitGradient + (tile.Row * (long)shape.LogitStride);
        var dx = memory.StreamGradient + (tile.Row * (long)stride);
        kernels.RmsNorm(x, weights.FinalNorm.Values, memory.Normed, tile.Rows, width, stride, shape.Epsilon);
        weights.Head.AddGradient(kernels, memory.Normed, dlogits, sum.Of(weights.Head), tile.Rows);
        weights.Head.MultiplyTransposed(kernels, dlogits, memory.NormedGradient, tile.Rows);
        for (var row = 0; row < valueGradient.Length; row++)
        {
            if (valueGradient[row] == 0)
                continue;
            kernels.AddScaled(weights.ValueHead!.Values, memory.NormedGradient + (row * stride), stride, valueGradient[row]);
            kernels.AddScaled(memory.Normed + (row * stride), sum.Of(weights.ValueHead), stride, valueGradient[row]);
        }
        new Span<float>(dx, tile.Rows * stride).Clear();
        kernels.RmsNormBackward(
            x,
            weights.FinalNorm.Values,
            memory.NormedGradient,
            dx,
            sum.Of(weights.FinalNorm),
            tile.Rows,
            width,
            stride,
            shape.Epsilon
        );
    }

    /// <summary>The gated unit, its norm, and the output projection of attention.</summary>
    private void GatedUnit(
        Kernels kernels,
        int layer,
        in Activations.LayerRows at,
        RowTiles.Tile tile,
        WorkerMemory memory,
        GradientSum sum
    )
    {
        var of = weights.Layers[layer];
        var dx = memory.StreamGradient + (tile.Row * (long)shape.Stride);
        of.Down.MultiplyTransposed(kernels, dx, memory.GatedGradient, tile.Rows);
        kernels.SwiGluBackward(
            at.GateUp,
            memory.GatedGradient,
            memory.GateUpGradient,
            memory.Gated,
            tile.Rows,
            shape.HiddenStride
        );
        of.Down.AddGradient(kernels, memory.Gated, dx, sum.Of(of.Down), tile.Rows);

        forward.Middle(kernels, layer, at, tile.Rows, memory);
        kernels.RmsNorm(memory.Middle, of.MiddleNorm.Values, memory.Normed, tile.Rows, shape.Width, shape.Stride, shape.Epsilon);
        of.GateUp.AddGradient(kernels, memory.Normed, memory.GateUpGradient, sum.Of(of.GateUp), tile.Rows);
        of.GateUp.MultiplyTransposed(kernels, memory.GateUpGradient, memory.NormedGradient, tile.Rows);
        kernels.RmsNormBackward(
            memory.Middle,
            of.MiddleNorm.Values,
            memory.NormedGradient,
            dx,
            sum.Of(of.MiddleNorm),
            tile.Rows,
            shape.Width,
            shape.Stride,
            shape.Epsilon
        );

        of.Output.MultiplyTransposed(kernels, dx, memory.AttendedGradient + (tile.Row * (long)shape.Stride), tile.Rows);
        of.Output.AddGradient(kernels, at.Attended, dx, sum.Of(of.Output), tile.Rows);
    }

    private void Attend(
        Kernels kernels,
        in SequenceRows.Segment segment,
        ReadOnlySpan<int> responses,
        in Activations.LayerRows at,
        int row,
        WorkerMemory memory
    )
    {
        var gradient = memory.QueryKeyValueGradient + (row * 3L * shape.Stride);
        kernels.AttentionBackward(
            new AttentionRows
            {
                QueryKeyValue = at.QueryKeyValue,
                QueryKeyValueGradient = gradient,
                Attended = memory.AttendedGradient + (row * (long)shape.Stride),
                Part = shape.Stride,
                Heads = shape.Heads,
                HeadSize = shape.HeadSize,
                Prompt = segment.PromptRows,
                Responses = responses,
                Scratch = memory.Attention,
            }
        );
        forward.Rotate(kernels, gradient, segment.PromptRows, responses, direction: -1);
    }

    private void QueriesKeysValues(
        Kernels kernels,
        int layer,
        in Activations.LayerRows at,
        RowTiles.Tile tile,
        WorkerMemory memory,
        GradientSum sum
    )
    {
        var of = weights.Layers[layer];
        var gradient = memory.QueryKeyValueGradient + (tile.Row * 3L * shape.Stride);
        kernels.RmsNorm(at.Input, of.InputNorm.Values, memory.Normed, tile.Rows, shape.Width, shape.Stride, shape.Epsilon);
        of.QueryKeyValue.AddGradient(kernels, memory.Normed, gradient, sum.Of(of.QueryKeyValue), tile.Rows);
        of.QueryKeyValue.MultiplyTransposed(kernels, gradient, memory.NormedGradient, tile.Rows);
        kernels.RmsNormBackward(
            at.Input,
            of.InputNorm.Values,
            memory.NormedGradient,
            memory.StreamGradient + (tile.Row * (long)shape.Stride),
            sum.Of(of.InputNorm),
            tile.Rows,
            shape.Width,
            shape.Stride,
            shape.Epsilon
        );
    }

    private void Embed(Kernels kernels, ReadOnlySpan<int> tokens, WorkerMemory memory, GradientSum sum)
    {
        for (var row = 0; row < tokens.Length; row++)
            kernels.Add(memory.StreamGradient + (row * shape.Stride), sum.OfEmbedding(tokens[row]), shape.Stride);
    }
}
