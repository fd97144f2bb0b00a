using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using UniPo.Engine;
using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>The most fused multiply-adds one core does: twelve independent chains in registers, nothing else.</summary>
internal sealed class PeakMeter(Compute compute) : IParallelWork
{
    private const int Rounds = 40_000,
        Bursts = 8;

    /// <summary>10⁹ multiplications and additions a second of one core, the best of many short runs.</summary>
    public static double GigaflopPerSecond(int vectorBits)
    {
        var best = 0.0;
        for (var run = 0; run < 400; run++)
        {
            var start = Stopwatch.GetTimestamp();
            Chains(vectorBits);
            best = Math.Max(best, Flop(vectorBits) / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }
        return best;
    }

    /// <summary>
    /// 10⁹ multiplications and additions a second of all threads together at this moment, over about a millisecond. Whatever
    /// slows the machine slows this and the work next to it alike, so that their ratio says more than either.
    /// </summary>
    /// <param name="clock">Seconds.</param>
    public double Now(Func<double> clock)
    {
        var start = clock();
        for (var burst = 0; burst < Bursts; burst++)
            compute.Run(this, compute.Threads);
        return Bursts * compute.Threads * Flop(compute.VectorBits) / (clock() - start) / 1e9;
    }

    void IParallelWork.Do(int part, int worker) => Chains(compute.VectorBits);

    private static double Flop(int vectorBits) => Rounds * 12.0 * 2 * (Math.Max(vectorBits, 256) / 32);

    private static void Chains(int vectorBits)
    {
        if (vectorBits == 512)
            Chains512(Rounds);
        else
            Chains256(Rounds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains512(int rounds)
    {
        var x = Vector512.Create(0.999f);
        Vector512<float> a = x,
            b = x,
            c = x,
            d = x,
            e = x,
            f = x,
            g = x,
            h = x,
            i = x,
            j = x,
            k = x,
            l = x;
        for (; rounds > 0; rounds--)
        {
            a = Avx512F.FusedMultiplyAdd(a, x, x);
            b = Avx512F.FusedMultiplyAdd(b, x, x);
            c = Avx512F.FusedMultiplyAdd(c, x, x);
            d = Avx512F.FusedMultiplyAdd(d, x, x);
            e = Avx512F.FusedMultiplyAdd(e, x, x);
            f = Avx512F.FusedMultiplyAdd(f, x, x);
            g = Avx512F.FusedMultiplyAdd(g, x, x);
            h = Avx512F.FusedMultiplyAdd(h, x, x);
            i = Avx512F.FusedMultiplyAdd(i, x, x);
            j = Avx512F.FusedMultiplyAdd(j, x, x);
            k = Avx512F.FusedMultiplyAdd(k, x, x);
            l = Avx512F.FusedMultiplyAdd(l, x, x);
        }
        return (a + b + c + d + e + f + g + h + i + j + k + l)[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains256(int rounds)
    {
        var x = Vector256.Create(0.999f);
        Vector256<float> a = x,
            b = x,
            c = x,
            d = x,
            e = x,
            f = x,
            g = x,
            h = x,
            i = x,
            j = x,
            k = x,
            l = x;
        for (; rounds > 0; rounds--)
        {
            a = Fma.MultiplyAdd(a, x, x);
            b = Fma.MultiplyAdd(b, x, x);
            c = Fma.MultiplyAdd(c, x, x);
            d = Fma.MultiplyAdd(d, x, x);
            e = Fma.MultiplyAdd(e, x, x);
            f = Fma.MultiplyAdd(f, x, x);
            g = Fma.MultiplyAdd(g, x, x);
            h = Fma.MultiplyAdd(h, x, x);
            i = Fma.MultiplyAdd(i, x, x);
            j = Fma.MultiplyAdd(j, x, x);
            k = Fma.MultiplyAdd(k, x, x);
            l = Fma.MultiplyAdd(l, x, x);
        }
        return (a + b + c + d + e + f + g + h + i + j + k + l)[0];
    }
}
