using System.Runtime.CompilerServices;

namespace UniPo.Numerics;

/// <summary>Causal attention with rotary positions over a prompt and its responses, and its derivative (Vaswani et al. 2017).</summary>
/// <remarks>The prompt's keys and values are made once and shared by all responses. The backward pass computes the probabilities again.</remarks>
internal static unsafe class AttentionKernels<V> where V : struct, ILanes<V>
{
    /// <summary>Writes <see cref="AttentionRows.Attended"/>.</summary>
    public static void Forward(in AttentionRows rows)
    {
        var total = Reserve(rows);
        var s = rows.Scratch;
        for (var h = 0; h < rows.Heads; h++)
        {
            TakeQueriesKeysValues(rows, h * s.Size);
            Attend(s, first: 0, rows.Prompt, prior: 0);
            var first = rows.Prompt;
            foreach (var length in rows.Responses)
            {
                Attend(s, first, length, rows.Prompt);
                first += length;
            }
            for (var row = 0; row < total; row++)
                RotaryKernels<V>.Copy(s.Outputs + (row * s.Head), rows.Attended + (row * (nint)rows.Part) + (h * s.Size), s.Size);
        }
    }

    /// <summary>From the derivative by <see cref="AttentionRows.Attended"/>, the one by queries, keys and values.</summary>
    public static void Backward(in AttentionRows rows)
    {
        var total = Reserve(rows);
        var s = rows.Scratch;
        var prompt = rows.Prompt * s.Head;
        for (var h = 0; h < rows.Heads; h++)
        {
            TakeQueriesKeysValues(rows, h * s.Size);
            for (var row = 0; row < total; row++)
                RotaryKernels<V>.Copy(rows.Attended + (row * (nint)rows.Part) + (h * s.Size), s.Outputs + (row * s.Head), s.Size);
            AttendBackward(s, first: 0, rows.Prompt, prior: 0);
            RotaryKernels<V>.Copy(s.KeyGradient, s.PromptKeyGradient, prompt);
            RotaryKernels<V>.Copy(s.ValueGradient, s.PromptValueGradient, prompt);
            var first = rows.Prompt;
            foreach (var length in rows.Responses)
            {
                AttendBackward(s, first, length, rows.Prompt);
                first += length;
            }
            RotaryKernels<V>.Copy(s.PromptKeyGradient, s.KeyGradient, prompt);
            RotaryKernels<V>.Copy(s.PromptValueGradient, s.ValueGradient, prompt);
            ReturnGradients(rows, h * s.Size);
        }
    }

    private static int Reserve(in AttentionRows rows)
    {
        var (total, longest) = (rows.Prompt, rows.Prompt);
        foreach (var length in rows.Responses) (total, longest) = (total + length, Math.Max(longest, length));
        rows.Scratch.Reserve(total, longest, rows.Prompt, rows.Rotary.HeadSize);
        return total;
    }

    private static void TakeQueriesKeysValues(in AttentionRows rows, int offset)
    {
        var row = 0;
        for (var position = 0; position < rows.Prompt; position++) Take(rows, offset, row++, position);
        foreach (var length in rows.Responses)
            for (var t = 0; t < length; t++) Take(rows, offset, row++, rows.Prompt + t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(in AttentionRows rows, int offset, int row, int position)
    {
        var s = rows.Scratch;
        var source = rows.QueryKeyValue + (row * 3 * (nint)rows.Part) + offset;
        RotaryKernels<V>.Rotate(source, s.Queries + (row * s.Head), rows.Rotary, position, 1);
        RotaryKernels<V>.Rotate(source + rows.Part, s.Keys + (row * s.Head), rows.Rotary, position, 1);
        RotaryKernels<V>.Copy(source + (2 * rows.Part), s.Values + (row * s.Head), s.Size);
    }

    private static void ReturnGradients(in AttentionRows rows, int offset)
    {
        var row = 0;
        for (var position = 0; position < rows.Prompt; position++) Return(rows, offset, row++, position);
        foreach (var length in rows.Responses)
            for (var t = 0; t < length; t++) Return(rows, offset, row++, rows.Prompt + t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Return(in AttentionRows rows, int offset, int row, int position)
    {
        var s = rows.Scratch;
        var target = rows.QueryKeyValueGradient + (row * 3 * (nint)rows.Part) + offset;
        RotaryKernels<V>.Rotate(s.QueryGradient + (row * s.Head), target, rows.Rotary, position, -1);
        RotaryKernels<V>.Rotate(s.KeyGradient + (row * s.Head), target + rows.Part, rows.Rotary, position, -1);
        RotaryKernels<V>.Copy(s.ValueGradient + (row * s.Head), target + (2 * rows.Part), s.Size);
    }

    /// <summary>One sequence: its queries against the <paramref name="prior"/> keys of the prompt and its own up to each query.</summary>
    private static void Attend(AttentionScratch s, int first, int count, int prior)
    {
        Probabilities(s, first, count, prior);
        var output = s.Outputs + (first * s.Head);
        if (prior > 0) Product(s.Scores, s.KeyStride, 1, s.Values, s.Head, output, s.Head, count, s.Head, prior, accumulate: false);
        Product(s.Scores + prior, s.KeyStride, 1, s.Values + (first * s.Head), s.Head, output, s.Head, count, s.Head, count, accumulate: prior > 0);
    }

    private static void Probabilities(AttentionScratch s, int first, int count, int prior)
    {
        var keys = Padding.Up(prior + count);
        RotaryKernels<V>.Transpose(s.Keys + (first * s.Head), s.Head, count, s.Size, s.KeyColumns + prior, s.KeyStride);
        Product(s.Queries + (first * s.Head), s.Head, 1, s.KeyColumns, s.KeyStride, s.Scores, s.KeyStride, count, keys, s.Size, accumulate: false);
        var scale = 1f / MathF.Sqrt(s.Size);
        for (var i = 0; i < count; i++) SoftmaxKernels<V>.Row(s.Scores + (i * s.KeyStride), prior + i + 1, keys, scale);
    }

    /// <summary>Derivatives of one sequence. <see cref="AttentionScratch.Outputs"/> holds the derivative by the outputs.</summary>
    private static void AttendBackward(AttentionScratch s, int first, int count, int prior)
    {
        Probabilities(s, first, count, prior);
        var (keys, stride, head, scale) = (Padding.Up(prior + count), s.KeyStride, s.Head, 1f / MathF.Sqrt(s.Size));
        float* q = s.Queries + (first * head), k = s.Keys + (first * head), v = s.Values + (first * head), d = s.Outputs + (first * head);
        RotaryKernels<V>.Transpose(v, head, count, s.Size, s.ValueColumns + prior, stride);
        Product(d, head, 1, s.ValueColumns, stride, s.ScoreGradient, stride, count, keys, s.Size, accumulate: false);
        for (var i = 0; i < count; i++) SoftmaxKernels<V>.RowBackward(s.Scores + (i * stride), s.ScoreGradient + (i * stride), keys, scale);

        var dq = s.QueryGradient + (first * head);
        if (prior > 0)
        {
            Product(s.ScoreGradient, stride, 1, s.Keys, head, dq, head, count, head, prior, accumulate: false);
            Product(s.ScoreGradient, 1, stride, q, head, s.PromptKeyGradient, head, prior, head, count, accumulate: true);
            Product(s.Scores, 1, stride, d, head, s.PromptValueGradient, head, prior, head, count, accumulate: true);
        }
        Product(s.ScoreGradient + prior, stride, 1, k, head, dq, head, count, head, count, accumulate: prior > 0);
        Product(s.ScoreGradient + prior, 1, stride, q, head, s.KeyGradient + (first * head), head, count, head, count, accumulate: false);
        Product(s.Scores + prior, 1, stride, d, head, s.ValueGradient + (first * head), head, count, head, count, accumulate: false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Product(
        float* a, int aRow, int aStep, float* b, int bStep, float* c, int cRow, int rows, int columns, int steps, bool accumulate) =>
        MatrixKernels<V>.Run(new MatrixProduct
        {
            A = a, ARow = aRow, AStep = aStep, B = b, BStep = bStep, BPanel = 32, C = c, CRow = cRow,
            Rows = rows, Columns = columns, Steps = steps, Accumulate = accumulate,
        });
}
