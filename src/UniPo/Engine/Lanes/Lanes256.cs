using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace UniPo.Engine;

/// <summary>Sixteen floats in two 256-bit registers.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256>
{
    private readonly Vector256<float> _low = low,
        _high = high;

    /// <summary>True when this processor and runtime offer 256-bit arithmetic with fused multiply-add.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported;

    public static bool HasManyRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* target)
    {
        value._low.Store(target);
        value._high.Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value)
    {
        var all = Vector256.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._low + b._low, a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._low - b._low, a._high - b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._low * b._low, a._high * b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._low / b._low, a._high / b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Fma.MultiplyAdd(a._low, b._low, c._low), Fma.MultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Avx.Max(a._low, b._low), Avx.Max(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Avx.Min(a._low, b._low), Avx.Min(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 BitsMinus(int bits, Lanes256 a)
    {
        var all = Vector256.Create(bits);
        return new((all - a._low.AsInt32()).AsSingle(), (all - a._high.AsInt32()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (var row = 0; row < 16; row += 8)
        for (var column = 0; column < 16; column += 8)
            TransposeEight(
                source + (row * sourceStride) + column,
                sourceStride,
                target + (column * targetStride) + row,
                targetStride
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 a) => new(Avx.Sqrt(a._low), Avx.Sqrt(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ScaleByPowerOfTwo(Lanes256 value, Lanes256 shifted) =>
        new(
            (value._low.AsInt32() + Vector256.ShiftLeft(shifted._low.AsInt32(), 23)).AsSingle(),
            (value._high.AsInt32() + Vector256.ShiftLeft(shifted._high.AsInt32(), 23)).AsSingle()
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 First(int count, Lanes256 a, Lanes256 b)
    {
        var index = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);
        var low = Vector256.LessThan(index, Vector256.Create(count)).AsSingle();
        var high = Vector256.LessThan(index, Vector256.Create(count - 8)).AsSingle();
        return new(Vector256.ConditionalSelect(low, a._low, b._low), Vector256.ConditionalSelect(high, a._high, b._high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SwapHalves(Lanes256 a) => new(a._high, a._low);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 a) => SumOfEight(a._low + a._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes256 a) => LargestOfEight(Avx.Max(a._low, a._high));

    /// <summary>Eight by eight: pairs of rows interleaved, then pairs of pairs, then halves exchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeEight(float* source, nint sourceStride, float* target, nint targetStride)
    {
        FourRows(source, sourceStride, out var a0, out var a1, out var a2, out var a3);
        FourRows(source + (4 * sourceStride), sourceStride, out var b0, out var b1, out var b2, out var b3);
        StoreColumns(a0, b0, target, 4 * targetStride);
        StoreColumns(a1, b1, target + targetStride, 4 * targetStride);
        StoreColumns(a2, b2, target + (2 * targetStride), 4 * targetStride);
        StoreColumns(a3, b3, target + (3 * targetStride), 4 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows(
        float* source,
        nint stride,
        out Vector256<float> c0,
        out Vector256<float> c1,
        out Vector256<float> c2,
        out Vector256<float> c3
    )
    {
        Vector256<float> r0 = Vector256.Load(source),
            r1 = Vector256.Load(source + stride);
        Vector256<float> r2 = Vector256.Load(source + (2 * stride)),
            r3 = Vector256.Load(source + (3 * stride));
        var (low01, high01) = (Avx.UnpackLow(r0, r1).AsDouble(), Avx.UnpackHigh(r0, r1).AsDouble());
        var (low23, high23) = (Avx.UnpackLow(r2, r3).AsDouble(), Avx.UnpackHigh(r2, r3).AsDouble());
        (c0, c1) = (Avx.UnpackLow(low01, low23).AsSingle(), Avx.UnpackHigh(low01, low23).AsSingle());
        (c2, c3) = (Avx.UnpackLow(high01, high23).AsSingle(), Avx.UnpackHigh(high01, high23).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumns(Vector256<float> upper, Vector256<float> lower, float* target, nint step)
    {
        Avx.Permute2x128(upper, lower, 0x20).Store(target);
        Avx.Permute2x128(upper, lower, 0x31).Store(target + step);
    }

    /// <summary>Fours, twos, one: the tail of the reduction tree that all widths share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float SumOfEight(Vector256<float> eight) => Lanes128.SumOfFour(eight.GetLower() + eight.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float LargestOfEight(Vector256<float> eight) =>
        Lanes128.LargestOfFour(Sse.Max(eight.GetLower(), eight.GetUpper()));
}
