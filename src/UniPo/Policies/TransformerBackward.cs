using UniPo.Numerics;

namespace UniPo;

/// <summary>The backward pass: the steps of <see cref="TransformerForward"/> in reverse. dX stands for the derivative of the objective by X.</summary>
/// <remarks>Normalised rows and the gated unit's output are computed again: that is cheaper than keeping them.</remarks>
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
        Kernels kernels, SequenceRows rows, SequenceRows.Chunk chunk, Activations activations, ReadOnlySpan<float> valueGradient, WorkerMemory memory, GradientSum sum)
    {
        Predict(kernels, activations.Final(chunk.Row), chunk.Rows, valueGradient, memory, sum);
        for (var layer = shape.Layers - 1; layer >= 0; layer--)
        {
            var at = activations.Layer(layer, chunk.Row);
            GatedUnit(kernels, layer, at, chunk.Rows, memory, sum);
            Attention(kernels, layer, at, rows, chunk, memory, sum);
        }
        Embed(kernels, rows.Tokens.Slice(chunk.Row, chunk.Rows), memory, sum);
    }

    private void Predict(Kernels kernels, float* x, int rows, ReadOnlySpan<float> valueGradient, WorkerMemory memory, GradientSum sum)
    {
        var (width, stride, final) = (shape.Width, shape.Stride, 2 * shape.Layers);
        kernels.RmsNorm(x, weights.FinalNorm, memory.Normed, rows, width, stride, shape.Epsilon);
        weights.Head.AddGradient(kernels, memory.Normed, memory.LogitGradient, sum.Matrix(4 * shape.Layers), rows);
        weights.Head.MultiplyTransposed(kernels, memory.LogitGradient, memory.NormedGradient, rows);
        for (var row = 0; row < valueGradient.Length; row++)
        {
            if (valueGradient[row] == 0) continue;
            kernels.AddScaled(weights.ValueHead, memory.NormedGradient + (row * stride), stride, valueGradient[row]);
            kernels.AddScaled(memory.Normed + (row * stride), sum.Gain(final + 1), stride, valueGradient[row]);
        }
        new Span<float>(memory.StreamGradient, rows * stride).Clear();
        kernels.RmsNormBackward(x, weights.FinalNorm, memory.NormedGradient, memory.StreamGradient, sum.Gain(final), rows, width, stride, shape.Epsilon);
    }

    private void GatedUnit(Kernels kernels, int layer, in Activations.LayerRows at, int rows, WorkerMemory memory, GradientSum sum)
    {
        var block = weights.Blocks[layer];
        var gain = weights.MiddleNorm(layer);
        block.Down.MultiplyTransposed(kernels, memory.StreamGradient, memory.GatedGradient, rows);
        kernels.SwiGluBackward(at.GateUp, memory.GatedGradient, memory.GateUpGradient, memory.Gated, rows, shape.HiddenStride);
        block.Down.AddGradient(kernels, memory.Gated, memory.StreamGradient, sum.Matrix((4 * layer) + 3), rows);

        kernels.RmsNorm(at.Middle, gain, memory.Normed, rows, shape.Width, shape.Stride, shape.Epsilon);
        block.GateUp.AddGradient(kernels, memory.Normed, memory.GateUpGradient, sum.Matrix((4 * layer) + 2), rows);
        block.GateUp.MultiplyTransposed(kernels, memory.GateUpGradient, memory.NormedGradient, rows);
        kernels.RmsNormBackward(
            at.Middle, gain, memory.NormedGradient, memory.StreamGradient, sum.Gain((2 * layer) + 1), rows, shape.Width, shape.Stride, shape.Epsilon);
    }

    private void Attention(
        Kernels kernels, int layer, in Activations.LayerRows at, SequenceRows rows, SequenceRows.Chunk chunk, WorkerMemory memory, GradientSum sum)
    {
        var block = weights.Blocks[layer];
        var gain = weights.InputNorm(layer);
        block.Output.MultiplyTransposed(kernels, memory.StreamGradient, memory.AttendedGradient, chunk.Rows);
        block.Output.AddGradient(kernels, at.Attended, memory.StreamGradient, sum.Matrix((4 * layer) + 1), chunk.Rows);
        for (var s = chunk.FirstSegment; s < chunk.FirstSegment + chunk.Segments; s++)
        {
            var segment = rows.Segments[s];
            var row = segment.Row - chunk.Row;
            kernels.AttentionBackward(new AttentionRows
            {
                QueryKeyValue = at.QueryKeyValue + (row * 3L * shape.Stride),
                QueryKeyValueGradient = memory.QueryKeyValueGradient + (row * 3L * shape.Stride),
                Attended = memory.AttendedGradient + (row * (long)shape.Stride),
                Part = shape.Stride,
                Heads = shape.Heads,
                HeadSize = shape.HeadSize,
                Prompt = segment.PromptRows,
                Responses = rows.InputLengths(segment),
                Scratch = memory.Attention,
            });
            forward.Rotate(kernels, memory.QueryKeyValueGradient, row, segment.PromptRows, rows.InputLengths(segment), direction: -1);
        }
        kernels.RmsNorm(at.Input, gain, memory.Normed, chunk.Rows, shape.Width, shape.Stride, shape.Epsilon);
        block.QueryKeyValue.AddGradient(kernels, memory.Normed, memory.QueryKeyValueGradient, sum.Matrix(4 * layer), chunk.Rows);
        block.QueryKeyValue.MultiplyTransposed(kernels, memory.QueryKeyValueGradient, memory.NormedGradient, chunk.Rows);
        kernels.RmsNormBackward(
            at.Input, gain, memory.NormedGradient, memory.StreamGradient, sum.Gain(2 * layer), chunk.Rows, shape.Width, shape.Stride, shape.Epsilon);
    }

    private void Embed(Kernels kernels, ReadOnlySpan<int> tokens, WorkerMemory memory, GradientSum sum)
    {
        for (var row = 0; row < tokens.Length; row++)
            kernels.Add(memory.StreamGradient + (row * shape.Stride), sum.Embedding(tokens[row]), shape.Stride);
    }
}
