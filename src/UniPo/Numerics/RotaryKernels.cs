using System.Runtime.CompilerServices;

namespace UniPo.Numerics;

/// <summary>Takes one head out of rows and back, rotating it by each row's position on the way.</summary>
internal static unsafe class RotaryKernels<V> where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>target = source rotated by the position (by its negative for <paramref name="direction"/> −1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rotate(float* source, float* target, RotaryTable table, int position, float direction)
    {
        float* cosines = table.Cosines(position), sines = table.Sines(position);
        var (size, half) = (table.HeadSize, table.HeadSize / 2);
        var sign = V.Broadcast(direction);
        if (size == Lanes)
        {
            var x = V.Load(source);
            V.Store(V.MultiplyAdd(x, V.Load(cosines), V.SwapHalves(x) * (V.Load(sines) * sign)), target);
        }
        else if (half % Lanes == 0)
            for (var i = 0; i < half; i += Lanes)
            {
                V first = V.Load(source + i), second = V.Load(source + half + i);
                V.Store(V.MultiplyAdd(first, V.Load(cosines + i), second * (V.Load(sines + i) * sign)), target + i);
                V.Store(V.MultiplyAdd(second, V.Load(cosines + half + i), first * (V.Load(sines + half + i) * sign)), target + half + i);
            }
        else
            for (var i = 0; i < half; i++)
            {
                var (first, second) = (source[i], source[half + i]);
                target[i] = MathF.FusedMultiplyAdd(first, cosines[i], second * (sines[i] * direction));
                target[half + i] = MathF.FusedMultiplyAdd(second, cosines[half + i], first * (sines[half + i] * direction));
            }
    }

    /// <summary>Copies <paramref name="count"/> floats exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* source, float* target, int count)
    {
        var i = 0;
        for (; i + Lanes <= count; i += Lanes) V.Store(V.Load(source + i), target + i);
        for (; i < count; i++) target[i] = source[i];
    }

    /// <summary>Writes rows as columns: <c>columns[element · stride + row] = rows[row · rowStride + element]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* rows, int rowStride, int count, int size, float* columns, int stride)
    {
        for (var row = 0; row < count; row++, rows += rowStride)
        {
            var target = columns + row;
            for (var i = 0; i < size; i++, target += stride) *target = rows[i];
        }
    }
}
