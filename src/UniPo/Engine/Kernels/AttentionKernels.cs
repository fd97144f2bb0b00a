using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>Causal attention over a prompt and its responses, and its derivative (Vaswani et al. 2017).</summary>
/// <remarks>
/// Sixteen queries are computed side by side, a lane each, so that the softmax runs down the keys and needs no sum across lanes.
/// The prompt's keys and values are shared by all responses. The backward pass computes the probabilities again instead of
/// keeping them.
/// </remarks>
internal static unsafe class AttentionKernels<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>Writes <see cref="AttentionRows.Attended"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(in AttentionRows rows)
    {
        var total = Reserve(rows);
        for (var h = 0; h < rows.Heads; h++)
        {
            var head = HeadCopies<V>.Open(rows, h, total, backward: false);
            Attend(head, rows.Scratch, first: 0, rows.Prompt, prior: 0);
            var first = rows.Prompt;
            foreach (var length in rows.Responses)
            {
                Attend(head, rows.Scratch, first, length, rows.Prompt);
                first += length;
            }
            HeadCopies<V>.CloseForward(rows, h, total, head);
        }
    }

    /// <summary>From the derivative by <see cref="AttentionRows.Attended"/>, the one by queries, keys and values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in AttentionRows rows)
    {
        var total = Reserve(rows);
        var s = rows.Scratch;
        for (var h = 0; h < rows.Heads; h++)
        {
            var head = HeadCopies<V>.Open(rows, h, total, backward: true);
            AttendBackward(head, s, first: 0, rows.Prompt, prior: 0);
            // Blocks of eight rows run over the prompt's end, so its sums are kept apart until the responses' rows are written.
            HeadCopies<V>.Copy(head.KeyGradient, head.Stride, s.PromptKeyGradient, head.Padded, rows.Prompt, head.Size);
            HeadCopies<V>.Copy(head.ValueGradient, head.Stride, s.PromptValueGradient, head.Padded, rows.Prompt, head.Size);
            var first = rows.Prompt;
            foreach (var length in rows.Responses)
            {
                AttendBackward(head, s, first, length, rows.Prompt);
                first += length;
            }
            HeadCopies<V>.Copy(s.PromptKeyGradient, head.Padded, head.KeyGradient, head.Stride, rows.Prompt, head.Size);
            HeadCopies<V>.Copy(s.PromptValueGradient, head.Padded, head.ValueGradient, head.Stride, rows.Prompt, head.Size);
            HeadCopies<V>.CloseBackward(rows, h, total, head);
        }
    }

    private static int Reserve(in AttentionRows rows)
    {
        var (total, longest) = (rows.Prompt, 0);
        foreach (var length in rows.Responses)
            (total, longest) = (total + length, Math.Max(longest, length));
        rows.Scratch.Reserve(
            rows.Prompt + longest,
            rows.Prompt,
            Padding.Up(rows.HeadSize),
            rows.HeadSize % Lanes == 0 ? 0 : total
        );
        return total;
    }

    /// <summary>
    /// One sequence: each query against the <paramref name="prior"/> keys of the prompt and its own keys up to itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Attend(in HeadRows head, AttentionScratch s, int first, int count, int prior)
    {
        for (var query = 0; query < count; query += Lanes)
        {
            Probabilities(head, s, first, query, count, prior);
            var (queries, own) = (Math.Min(Lanes, count - query), Math.Min(query + Lanes, count));
            var output = head.Outputs + ((first + query) * (nint)head.OutputStride);
            if (prior > 0)
                Product(
                    s.Scores,
                    1,
                    Lanes,
                    head.Values,
                    head.Stride,
                    output,
                    head.OutputStride,
                    queries,
                    head.Padded,
                    prior,
                    null
                );
            var values = head.Values + (first * (nint)head.Stride);
            Product(
                s.Scores + (prior * Lanes),
                1,
                Lanes,
                values,
                head.Stride,
                output,
                head.OutputStride,
                queries,
                head.Padded,
                own,
                prior > 0 ? output : null
            );
        }
    }

    /// <summary>[keys, 16] what each of sixteen queries looks at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Probabilities(in HeadRows head, AttentionScratch s, int first, int query, int count, int prior)
    {
        var own = Math.Min(query + Lanes, count);
        for (var i = 0; i < head.Size; i += Lanes)
            V.Transpose(
                head.Queries + ((first + query) * (nint)head.Stride) + i,
                head.Stride,
                s.QueryColumns + (i * Lanes),
                Lanes
            );
        if (prior > 0)
            Product(head.Keys, head.Stride, 1, s.QueryColumns, Lanes, s.Scores, Lanes, prior, Lanes, head.Size, null);
        var keys = head.Keys + (first * (nint)head.Stride);
        Product(keys, head.Stride, 1, s.QueryColumns, Lanes, s.Scores + (prior * Lanes), Lanes, own, Lanes, head.Size, null);
        SoftmaxKernels<V>.Columns(s.Scores, prior + own, prior + query, 1f / MathF.Sqrt(head.Size));
    }

    /// <summary>Derivatives of one sequence. <see cref="HeadRows.Outputs"/> holds the derivative by the outputs.</summary>
    /// <remarks>The last queries come first: they see all keys and set their sums; earlier ones add to what they see.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AttendBackward(in HeadRows head, AttentionScratch s, int first, int count, int prior)
    {
        var (stride, size, padded) = (head.Stride, head.Size, head.Padded);
        var start = first * (nint)stride;
        float* dk = head.KeyGradient + start,
            dv = head.ValueGradient + start;
        for (var query = (count - 1) / Lanes * Lanes; query >= 0 && count > 0; query -= Lanes)
        {
            Probabilities(head, s, first, query, count, prior);
            var (queries, own) = (Math.Min(Lanes, count - query), Math.Min(query + Lanes, count));
            float* q = head.Queries + start + (query * (nint)stride),
                dq = head.QueryGradient + start + (query * (nint)stride);
            var d = head.Outputs + ((first + query) * (nint)head.OutputStride);
            for (var i = 0; i < size; i += Lanes)
                V.Transpose(d + i, head.OutputStride, s.OutputColumns + (i * Lanes), Lanes);
            float* ownScores = s.Scores + (prior * Lanes),
                ownGradient = s.ScoreGradient + (prior * Lanes);
            if (prior > 0)
                Product(head.Values, stride, 1, s.OutputColumns, Lanes, s.ScoreGradient, Lanes, prior, Lanes, size, null);
            Product(head.Values + start, stride, 1, s.OutputColumns, Lanes, ownGradient, Lanes, own, Lanes, size, null);
            SoftmaxKernels<V>.ColumnsBackward(s.Scores, s.ScoreGradient, prior + own, 1f / MathF.Sqrt(size));

            if (prior > 0)
            {
                Product(s.ScoreGradient, 1, Lanes, head.Keys, stride, dq, stride, queries, padded, prior, null);
                Product(
                    s.ScoreGradient,
                    Lanes,
                    1,
                    q,
                    stride,
                    s.PromptKeyGradient,
                    padded,
                    prior,
                    padded,
                    queries,
                    s.PromptKeyGradient
                );
                Product(
                    s.Scores,
                    Lanes,
                    1,
                    d,
                    head.OutputStride,
                    s.PromptValueGradient,
                    padded,
                    prior,
                    padded,
                    queries,
                    s.PromptValueGradient
                );
            }
            Product(ownGradient, 1, Lanes, head.Keys + start, stride, dq, stride, queries, padded, own, prior > 0 ? dq : null);
            Product(ownGradient, Lanes, 1, q, stride, dk, stride, own, padded, queries, own < count ? dk : null);
            Product(ownScores, Lanes, 1, d, head.OutputStride, dv, stride, own, padded, queries, own < count ? dv : null);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Product(
        float* a,
        int aRow,
        int aStep,
        float* b,
        int bStep,
        float* c,
        int cRow,
        int rows,
        int columns,
        int steps,
        float* start
    ) =>
        MatrixKernels<V>.Run(
            new MatrixProduct
            {
                A = a,
                ARow = aRow,
                AStep = aStep,
                B = b,
                BStep = bStep,
                BPanel = 2 * Lanes,
                C = c,
                CRow = cRow,
                Rows = rows,
                Columns = columns,
                Steps = steps,
                Start = start,
            }
        );
}
