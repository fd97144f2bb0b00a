using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace UniPo.Engine;

/// <summary>Sixteen floats in one 512-bit register.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> all) : ILanes<Lanes512>
{
    private readonly Vector512<float> _all = all;

    /// <summary>True when this processor and runtime offer 512-bit arithmetic.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    public static bool HasManyRegisters => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, float* target) => value._all.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._all + b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._all - b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._all * b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._all / b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) =>
        new(Avx512F.FusedMultiplyAdd(a._all, b._all, c._all));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Avx512F.Max(a._all, b._all));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Avx512F.Min(a._all, b._all));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 BitsMinus(int bits, Lanes512 a) => new((Vector512.Create(bits) - a._all.AsInt32()).AsSingle());

    /// <summary>
    /// Pairs of rows interleaved, then pairs of pairs; what is left is a transposition of 4 × 4 blocks of four floats.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        FourRows(source, sourceStride, out var a0, out var a1, out var a2, out var a3);
        FourRows(source + (4 * sourceStride), sourceStride, out var b0, out var b1, out var b2, out var b3);
        FourRows(source + (8 * sourceStride), sourceStride, out var c0, out var c1, out var c2, out var c3);
        FourRows(source + (12 * sourceStride), sourceStride, out var d0, out var d1, out var d2, out var d3);
        StoreColumns(a0, b0, c0, d0, target, 4 * targetStride);
        StoreColumns(a1, b1, c1, d1, target + targetStride, 4 * targetStride);
        StoreColumns(a2, b2, c2, d2, target + (2 * targetStride), 4 * targetStride);
        StoreColumns(a3, b3, c3, d3, target + (3 * targetStride), 4 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows(
        float* source,
        nint stride,
        out Vector512<float> c0,
        out Vector512<float> c1,
        out Vector512<float> c2,
        out Vector512<float> c3
    )
    {
        Vector512<float> r0 = Vector512.Load(source),
            r1 = Vector512.Load(source + stride);
        Vector512<float> r2 = Vector512.Load(source + (2 * stride)),
            r3 = Vector512.Load(source + (3 * stride));
        var (low01, high01) = (Avx512F.UnpackLow(r0, r1).AsDouble(), Avx512F.UnpackHigh(r0, r1).AsDouble());
        var (low23, high23) = (Avx512F.UnpackLow(r2, r3).AsDouble(), Avx512F.UnpackHigh(r2, r3).AsDouble());
        (c0, c1) = (Avx512F.UnpackLow(low01, low23).AsSingle(), Avx512F.UnpackHigh(low01, low23).AsSingle());
        (c2, c3) = (Avx512F.UnpackLow(high01, high23).AsSingle(), Avx512F.UnpackHigh(high01, high23).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumns(
        Vector512<float> a,
        Vector512<float> b,
        Vector512<float> c,
        Vector512<float> d,
        float* target,
        nint step
    )
    {
        var (firstAb, firstCd) = (Avx512F.Shuffle4x128(a, b, 0x44), Avx512F.Shuffle4x128(c, d, 0x44));
        var (lastAb, lastCd) = (Avx512F.Shuffle4x128(a, b, 0xEE), Avx512F.Shuffle4x128(c, d, 0xEE));
        Avx512F.Shuffle4x128(firstAb, firstCd, 0x88).Store(target);
        Avx512F.Shuffle4x128(firstAb, firstCd, 0xDD).Store(target + step);
        Avx512F.Shuffle4x128(lastAb, lastCd, 0x88).Store(target + (2 * step));
        Avx512F.Shuffle4x128(lastAb, lastCd, 0xDD).Store(target + (3 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 a) => new(Avx512F.Sqrt(a._all));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ScaleByPowerOfTwo(Lanes512 value, Lanes512 shifted) =>
        new((value._all.AsInt32() + Vector512.ShiftLeft(shifted._all.AsInt32(), 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 First(int count, Lanes512 a, Lanes512 b)
    {
        var index = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        return new(Vector512.ConditionalSelect(Vector512.LessThan(index, Vector512.Create(count)).AsSingle(), a._all, b._all));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SwapHalves(Lanes512 a) => new(Vector512.Create(a._all.GetUpper(), a._all.GetLower()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes512 a) => Lanes256.SumOfEight(a._all.GetLower() + a._all.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes512 a) => Lanes256.LargestOfEight(Avx.Max(a._all.GetLower(), a._all.GetUpper()));
}
