using UniPo.Numerics;

namespace UniPo;

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
    /// <param name="chunk">The rows to compute.</param>
    /// <param name="activations">What the forward pass recorded.</param>
    /// <param name="valueGradient">[rows of the chunk] derivative by each row's value estimate; empty without one.</param>
    /// <param name="memory">The thread's scratch.</param>
    /// <param name="sum">Receives the gradient.</param>
    public void Run(
        Kernels kernels,
        SequenceRows rows,
        SequenceRows.Chunk chunk,
        Activations activations,
        ReadOnlySpan<float> valueGradient,
        WorkerMemory memory,
        GradientSum sum
    )
    {
        foreach (var tile in new RowTiles(chunk.Rows))
            Predict(
                kernels,
                activations.Final(chunk.Row + tile.Row),
                tile,
                valueGradient.IsEmpty ? default : valueGradient.Slice(tile.Row, tile.Rows),
                memory,
                sum
            );
        for (var layer = shape.Layers - 1; layer >= 0; layer--)
        {
            foreach (var tile in new RowTiles(chunk.Rows))
                GatedUnit(kernels, layer, activations.Layer(layer, chunk.Row + tile.Row), tile, memory, sum);
            for (var s = chunk.FirstSegment; s < chunk.FirstSegment + chunk.Segments; s++)
                Attend(
                    kernels,
                    rows.Segments[s],
                    rows.InputLengths(rows.Segments[s]),
                    activations.Layer(layer, rows.Segments[s].Row),
                    rows.Segments[s].Row - chunk.Row,
                    memory
                );
            foreach (var tile in new RowTiles(chunk.Rows))
                QueriesKeysValues(kernels, layer, activations.Layer(layer, chunk.Row + tile.Row), tile, memory, sum);
        }
        Embed(kernels, rows.Tokens.Slice(chunk.Row, chunk.Rows), memory, sum);
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
        var (width, stride, final) = (shape.Width, shape.Stride, 2 * shape.Layers);
        var dlogits = memory.LogitGradient + (tile.Row * (long)shape.LogitStride);
        var dx = memory.StreamGradient + (tile.Row * (long)stride);
        kernels.RmsNorm(x, weights.FinalNorm, memory.Normed, tile.Rows, width, stride, shape.Epsilon);
        weights.Head.AddGradient(kernels, memory.Normed, dlogits, sum.Matrix(4 * shape.Layers), tile.Rows);
        weights.Head.MultiplyTransposed(kernels, dlogits, memory.NormedGradient, tile.Rows);
        for (var row = 0; row < valueGradient.Length; row++)
        {
            if (valueGradient[row] == 0)
                continue;
            kernels.AddScaled(weights.ValueHead, memory.NormedGradient + (row * stride), stride, valueGradient[row]);
            kernels.AddScaled(memory.Normed + (row * stride), sum.Gain(final + 1), stride, valueGradient[row]);
        }
        new Span<float>(dx, tile.Rows * stride).Clear();
        kernels.RmsNormBackward(
            x,
            weights.FinalNorm,
            memory.NormedGradient,
            dx,
            sum.Gain(final),
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
        var block = weights.Blocks[layer];
        var gain = weights.MiddleNorm(layer);
        var dx = memory.StreamGradient + (tile.Row * (long)shape.Stride);
        block.Down.MultiplyTransposed(kernels, dx, memory.GatedGradient, tile.Rows);
        kernels.SwiGluBackward(
            at.GateUp,
            memory.GatedGradient,
            memory.GateUpGradient,
            memory.Gated,
            tile.Rows,
            shape.HiddenStride
        );
        block.Down.AddGradient(kernels, memory.Gated, dx, sum.Matrix((4 * layer) + 3), tile.Rows);

        forward.Middle(kernels, layer, at, tile.Rows, memory);
        kernels.RmsNorm(memory.Middle, gain, memory.Normed, tile.Rows, shape.Width, shape.Stride, shape.Epsilon);
        block.GateUp.AddGradient(kernels, memory.Normed, memory.GateUpGradient, sum.Matrix((4 * layer) + 2), tile.Rows);
        block.GateUp.MultiplyTransposed(kernels, memory.GateUpGradient, memory.NormedGradient, tile.Rows);
        kernels.RmsNormBackward(
            memory.Middle,
            gain,
            memory.NormedGradient,
            dx,
            sum.Gain((2 * layer) + 1),
            tile.Rows,
            shape.Width,
            shape.Stride,
            shape.Epsilon
        );

        block.Output.MultiplyTransposed(kernels, dx, memory.AttendedGradient + (tile.Row * (long)shape.Stride), tile.Rows);
        block.Output.AddGradient(kernels, at.Attended, dx, sum.Matrix((4 * layer) + 1), tile.Rows);
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
        var block = weights.Blocks[layer];
        var gain = weights.InputNorm(layer);
        var gradient = memory.QueryKeyValueGradient + (tile.Row * 3L * shape.Stride);
        kernels.RmsNorm(at.Input, gain, memory.Normed, tile.Rows, shape.Width, shape.Stride, shape.Epsilon);
        block.QueryKeyValue.AddGradient(kernels, memory.Normed, gradient, sum.Matrix(4 * layer), tile.Rows);
        block.QueryKeyValue.MultiplyTransposed(kernels, gradient, memory.NormedGradient, tile.Rows);
        kernels.RmsNormBackward(
            at.Input,
            gain,
            memory.NormedGradient,
            memory.StreamGradient + (tile.Row * (long)shape.Stride),
            sum.Gain(2 * layer),
            tile.Rows,
            shape.Width,
            shape.Stride,
            shape.Epsilon
        );
    }

    private void Embed(Kernels kernels, ReadOnlySpan<int> tokens, WorkerMemory memory, GradientSum sum)
    {
        for (var row = 0; row < tokens.Length; row++)
            kernels.Add(memory.StreamGradient + (row * shape.Stride), sum.Embedding(tokens[row]), shape.Stride);
    }
}
