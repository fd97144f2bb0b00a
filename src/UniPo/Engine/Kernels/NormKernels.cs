using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>Root-mean-square normalisation of rows (Zhang and Sennrich 2019) and its derivative.</summary>
/// <remarks>Rows are padded with zeros to a multiple of 16, which adds nothing to a sum of squares.</remarks>
internal static unsafe class NormKernels<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>y = x · gain / rms(x), row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* x, float* gain, float* y, int rows, int width, int stride, float epsilon)
    {
        for (; rows > 0; rows--, x += stride, y += stride)
        {
            var inverse = V.Broadcast(InverseRms(x, width, stride, epsilon));
            for (var i = 0; i < stride; i += Lanes)
                V.Store(V.Load(x + i) * inverse * V.Load(gain + i), y + i);
        }
    }

    /// <summary>
    /// Given the derivative by y, adds the one by x to <paramref name="dx"/> and the one by the gain to <paramref name="dgain"/>.
    /// With n = x / rms: dx += (dn − n · mean(dn ∘ n)) / rms, where dn = dy ∘ gain.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        float* x,
        float* gain,
        float* dy,
        float* dx,
        float* dgain,
        int rows,
        int width,
        int stride,
        float epsilon
    )
    {
        for (; rows > 0; rows--, x += stride, dy += stride, dx += stride)
        {
            var inverse = V.Broadcast(InverseRms(x, width, stride, epsilon));
            V sum = default;
            for (var i = 0; i < stride; i += Lanes)
            {
                var scaled = V.Load(dy + i) * inverse; // dy / rms
                var part = scaled * V.Load(x + i);
                V.Store(V.Load(dgain + i) + part, dgain + i);
                sum = V.MultiplyAdd(part, V.Load(gain + i), sum);
            }
            var mean = V.Broadcast(-(V.Sum(sum) / width)) * inverse * inverse;
            for (var i = 0; i < stride; i += Lanes)
            {
                var direct = V.MultiplyAdd(V.Load(dy + i) * V.Load(gain + i), inverse, V.Load(dx + i));
                V.Store(V.MultiplyAdd(V.Load(x + i), mean, direct), dx + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float InverseRms(float* x, int width, int stride, float epsilon)
    {
        V sum = default;
        for (var i = 0; i < stride; i += Lanes)
        {
            var part = V.Load(x + i);
            sum = V.MultiplyAdd(part, part, sum);
        }
        return 1f / MathF.Sqrt((V.Sum(sum) / width) + epsilon);
    }
}
