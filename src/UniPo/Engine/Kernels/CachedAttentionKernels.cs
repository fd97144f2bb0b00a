using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>
/// Attention of one new token over cached keys and values: the same operations in the same order as
/// <see cref="AttentionKernels{V}"/>.
/// </summary>
/// <remarks>
/// All heads go through each stage together: their chains of multiply-adds do not depend on each other and overlap.
/// </remarks>
internal static unsafe class CachedAttentionKernels<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>Adds the token's keys and values to the cache and attends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in CachedAttention token)
    {
        var (size, head, prompt, count) = (token.HeadSize, Padding.Up(token.HeadSize), token.Prompt, token.Earlier + 1);
        var stride = CachedAttention.ScoreStride(prompt + count);
        var scores = token.Scratch;
        for (var h = 0; h < token.Heads; h++, scores += stride)
        {
            float* query = token.QueryKeyValue + (h * size),
                key = query + token.Part;
            var keys = token.OwnKeys + (h * size * (nint)token.OwnStride);
            for (var i = 0; i < size; i++)
                keys[(i * (nint)token.OwnStride) + token.Earlier] = key[i];
            Row(
                query,
                token.PromptKeys + (h * size * (nint)token.PromptStride),
                token.PromptStride,
                scores,
                Padding.Up(prompt),
                size,
                accumulate: false
            );
            Row(query, keys, token.OwnStride, scores + prompt, Padding.Up(count), size, accumulate: false);
        }
        scores = token.Scratch;
        for (var h = 0; h < token.Heads; h++, scores += stride)
            SoftmaxKernels<V>.Row(scores, prompt + count, 1f / MathF.Sqrt(size));
        var output = scores;
        scores = token.Scratch;
        for (var h = 0; h < token.Heads; h++, scores += stride)
        {
            var target = size == head ? token.Attended + (h * size) : output;
            var values = token.OwnValues + (h * token.Longest * (nint)head);
            HeadCopies<V>.Copy(
                token.QueryKeyValue + (2 * token.Part) + (h * size),
                0,
                values + (token.Earlier * head),
                0,
                1,
                size
            );
            Row(scores, token.PromptValues + (h * prompt * (nint)head), head, target, head, prompt, accumulate: false);
            Row(scores + prompt, values, head, target, head, count, accumulate: true);
            if (size != head)
                HeadCopies<V>.Copy(output, 0, token.Attended + (h * size), 0, 1, size);
        }
    }

    /// <summary>c = a·B or c += a·B for one row a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* a, float* b, nint bStep, float* c, int columns, int steps, bool accumulate)
    {
        for (; columns >= 2 * Lanes; columns -= 2 * Lanes, b += 2 * Lanes, c += 2 * Lanes)
        {
            V first = default,
                second = default;
            if (accumulate)
                (first, second) = (V.Load(c), V.Load(c + Lanes));
            var source = b;
            for (var step = 0; step < steps; step++, source += bStep)
            {
                var x = V.Broadcast(a[step]);
                first = V.MultiplyAdd(x, V.Load(source), first);
                second = V.MultiplyAdd(x, V.Load(source + Lanes), second);
            }
            V.Store(first, c);
            V.Store(second, c + Lanes);
        }
        if (columns == 0)
            return;
        var sum = accumulate ? V.Load(c) : default;
        for (var step = 0; step < steps; step++, b += bStep)
            sum = V.MultiplyAdd(V.Broadcast(a[step]), V.Load(b), sum);
        V.Store(sum, c);
    }
}
