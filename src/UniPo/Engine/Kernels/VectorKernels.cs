using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>
/// Loops over long rows of numbers. Any length; what is left after whole lanes is computed by the same operations one by one.
/// </summary>
internal static unsafe class VectorKernels<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>target += source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* source, float* target, int count)
    {
        var i = 0;
        for (; i + Lanes <= count; i += Lanes)
            V.Store(V.Load(target + i) + V.Load(source + i), target + i);
        for (; i < count; i++)
            target[i] += source[i];
    }

    /// <summary>target += factor · source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float* source, float* target, int count, float factor)
    {
        var all = V.Broadcast(factor);
        var i = 0;
        for (; i + Lanes <= count; i += Lanes)
            V.Store(V.MultiplyAdd(V.Load(source + i), all, V.Load(target + i)), target + i);
        for (; i < count; i++)
            target[i] = MathF.FusedMultiplyAdd(source[i], factor, target[i]);
    }

    /// <summary>Σ a ∘ b.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    /// <param name="count">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* a, float* b, int count)
    {
        V sum = default;
        for (var i = 0; i < count; i += Lanes)
            sum = V.MultiplyAdd(V.Load(a + i), V.Load(b + i), sum);
        return V.Sum(sum);
    }

    /// <summary>y = eˣ.</summary>
    /// <param name="x">Exponents.</param>
    /// <param name="y">Receives the powers.</param>
    /// <param name="count">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exp(float* x, float* y, int count)
    {
        for (var i = 0; i < count; i += Lanes)
            V.Store(Elementary.Exp(V.Load(x + i)), y + i);
    }

    /// <summary>values *= factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* values, int count, float factor)
    {
        var all = V.Broadcast(factor);
        var i = 0;
        for (; i + Lanes <= count; i += Lanes)
            V.Store(V.Load(values + i) * all, values + i);
        for (; i < count; i++)
            values[i] *= factor;
    }

    /// <summary>Σ values², sixteen partial sums at a time in float, those of each 1,024 values added in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(float* values, int count)
    {
        var total = 0.0;
        var i = 0;
        while (i + Lanes <= count)
        {
            V sum = default;
            for (var end = Math.Min(i + 1024, count); i + Lanes <= end; i += Lanes)
            {
                var part = V.Load(values + i);
                sum = V.MultiplyAdd(part, part, sum);
            }
            total += V.Sum(sum);
        }
        for (; i < count; i++)
            total += (double)values[i] * values[i];
        return total;
    }

    /// <summary>One AdamW step uphill. See <see cref="AdamWStep"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AdamW(float* parameters, float* gradient, float* mean, float* square, int count, in AdamWStep step)
    {
        V scale = V.Broadcast(step.GradientScale),
            beta1 = V.Broadcast(step.Beta1),
            beta2 = V.Broadcast(step.Beta2),
            decay = V.Broadcast(step.Decay);
        V rest1 = V.Broadcast(1f - step.Beta1),
            rest2 = V.Broadcast(1f - step.Beta2);
        V rate = V.Broadcast(step.Rate),
            epsilon = V.Broadcast(step.Epsilon),
            root = V.Broadcast(step.InverseRootOfCorrection2);
        var i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            var g = V.Load(gradient + i) * scale;
            var m = V.MultiplyAdd(g, rest1, V.Load(mean + i) * beta1);
            var v = V.MultiplyAdd(g * g, rest2, V.Load(square + i) * beta2);
            V.Store(m, mean + i);
            V.Store(v, square + i);
            V.Store(
                V.MultiplyAdd(m / V.MultiplyAdd(V.Sqrt(v), root, epsilon), rate, V.Load(parameters + i) * decay),
                parameters + i
            );
        }
        for (; i < count; i++)
        {
            var g = gradient[i] * step.GradientScale;
            mean[i] = MathF.FusedMultiplyAdd(g, 1f - step.Beta1, mean[i] * step.Beta1);
            square[i] = MathF.FusedMultiplyAdd(g * g, 1f - step.Beta2, square[i] * step.Beta2);
            var divisor = MathF.FusedMultiplyAdd(MathF.Sqrt(square[i]), step.InverseRootOfCorrection2, step.Epsilon);
            parameters[i] = MathF.FusedMultiplyAdd(mean[i] / divisor, step.Rate, parameters[i] * step.Decay);
        }
    }
}
