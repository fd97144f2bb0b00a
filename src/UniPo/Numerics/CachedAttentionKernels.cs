namespace UniPo.Numerics;

/// <summary>Attention of one new token over cached keys and values: the same operations in the same order as <see cref="AttentionKernels{V}"/>.</summary>
internal static unsafe class CachedAttentionKernels<V> where V : struct, ILanes<V>
{
    /// <summary>Adds the token's keys and values to the cache and attends.</summary>
    public static void Run(in CachedAttention token)
    {
        var (table, size, head) = (token.Rotary, token.Rotary.HeadSize, token.Rotary.Stride);
        float* query = token.Scratch, key = query + head, output = key + head, scores = output + head;
        var (position, scale, count) = (token.Prompt + token.Earlier, 1f / MathF.Sqrt(size), token.Earlier + 1);
        for (var h = 0; h < token.Heads; h++)
        {
            var source = token.QueryKeyValue + (h * size);
            float* keys = token.OwnKeys + (h * size * (nint)token.OwnStride), values = token.OwnValues + (h * token.Longest * (nint)head);
            RotaryKernels<V>.Rotate(source, query, table, position, 1);
            RotaryKernels<V>.Rotate(source + token.Part, key, table, position, 1);
            for (var i = 0; i < size; i++) keys[(i * (nint)token.OwnStride) + token.Earlier] = key[i];
            RotaryKernels<V>.Copy(source + (2 * token.Part), values + (token.Earlier * head), size);

            MatrixKernels<V>.Row(query, token.PromptKeys + (h * size * (nint)token.PromptStride), token.PromptStride, scores, Padding.Up(token.Prompt), size, false);
            MatrixKernels<V>.Row(query, keys, token.OwnStride, scores + token.Prompt, Padding.Up(count), size, false);
            SoftmaxKernels<V>.Row(scores, token.Prompt + count, Padding.Up(token.Prompt + count), scale);
            MatrixKernels<V>.Row(scores, token.PromptValues + (h * token.Prompt * (nint)head), head, output, head, token.Prompt, false);
            MatrixKernels<V>.Row(scores + token.Prompt, values, head, output, head, count, true);
            RotaryKernels<V>.Copy(output, token.Attended + (h * size), size);
        }
    }
}
