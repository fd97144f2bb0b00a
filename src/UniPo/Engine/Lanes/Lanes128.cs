using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace UniPo.Engine;

/// <summary>Sixteen floats in four 128-bit registers: what ARM processors have, and older ones of the other kind.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3)
    : ILanes<Lanes128>
{
    private readonly Vector128<float> _v0 = v0,
        _v1 = v1,
        _v2 = v2,
        _v3 = v3;

    /// <summary>True when this processor and runtime offer 128-bit arithmetic with fused multiply-add.</summary>
    public static bool IsSupported => AdvSimd.Arm64.IsSupported || Fma.IsSupported;

    public static bool HasManyRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, float* target)
    {
        value._v0.Store(target);
        value._v1.Store(target + 4);
        value._v2.Store(target + 8);
        value._v3.Store(target + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value)
    {
        var all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a._v0 + b._v0, a._v1 + b._v1, a._v2 + b._v2, a._v3 + b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a._v0 - b._v0, a._v1 - b._v1, a._v2 - b._v2, a._v3 - b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) => new(a._v0 * b._v0, a._v1 * b._v1, a._v2 * b._v2, a._v3 * b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 a, Lanes128 b) => new(a._v0 / b._v0, a._v1 / b._v1, a._v2 / b._v2, a._v3 / b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) =>
        new(
            MultiplyAdd(a._v0, b._v0, c._v0),
            MultiplyAdd(a._v1, b._v1, c._v1),
            MultiplyAdd(a._v2, b._v2, c._v2),
            MultiplyAdd(a._v3, b._v3, c._v3)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) =>
        new(Larger(a._v0, b._v0), Larger(a._v1, b._v1), Larger(a._v2, b._v2), Larger(a._v3, b._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b) =>
        new(Smaller(a._v0, b._v0), Smaller(a._v1, b._v1), Smaller(a._v2, b._v2), Smaller(a._v3, b._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 a) =>
        new(Vector128.Sqrt(a._v0), Vector128.Sqrt(a._v1), Vector128.Sqrt(a._v2), Vector128.Sqrt(a._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 BitsMinus(int bits, Lanes128 a)
    {
        var all = Vector128.Create(bits);
        return new(
            (all - a._v0.AsInt32()).AsSingle(),
            (all - a._v1.AsInt32()).AsSingle(),
            (all - a._v2.AsInt32()).AsSingle(),
            (all - a._v3.AsInt32()).AsSingle()
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ScaleByPowerOfTwo(Lanes128 value, Lanes128 shifted) =>
        new(
            Scale(value._v0, shifted._v0),
            Scale(value._v1, shifted._v1),
            Scale(value._v2, shifted._v2),
            Scale(value._v3, shifted._v3)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 First(int count, Lanes128 a, Lanes128 b) =>
        new(
            First(count, a._v0, b._v0),
            First(count - 4, a._v1, b._v1),
            First(count - 8, a._v2, b._v2),
            First(count - 12, a._v3, b._v3)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SwapHalves(Lanes128 a) => new(a._v2, a._v3, a._v0, a._v1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 a) => SumOfFour((a._v0 + a._v2) + (a._v1 + a._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes128 a) => LargestOfFour(Larger(Larger(a._v0, a._v2), Larger(a._v1, a._v3)));

    /// <summary>Blocks of four by four; each reads four rows and leaves four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (var row = 0; row < 16; row += 4)
        for (var column = 0; column < 16; column += 4)
            TransposeFour(
                source + (row * sourceStride) + column,
                sourceStride,
                target + (column * targetStride) + row,
                targetStride
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeFour(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var (r0, r1) = (Vector128.Load(source), Vector128.Load(source + sourceStride));
        var (r2, r3) = (Vector128.Load(source + (2 * sourceStride)), Vector128.Load(source + (3 * sourceStride)));
        var (low01, high01) = (Low(r0, r1).AsDouble(), High(r0, r1).AsDouble());
        var (low23, high23) = (Low(r2, r3).AsDouble(), High(r2, r3).AsDouble());
        Vector128.Create(low01.GetLower(), low23.GetLower()).AsSingle().Store(target);
        Vector128.Create(low01.GetUpper(), low23.GetUpper()).AsSingle().Store(target + targetStride);
        Vector128.Create(high01.GetLower(), high23.GetLower()).AsSingle().Store(target + (2 * targetStride));
        Vector128.Create(high01.GetUpper(), high23.GetUpper()).AsSingle().Store(target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Sse.UnpackLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Sse.UnpackHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        AdvSimd.IsSupported ? AdvSimd.FusedMultiplyAdd(c, a, b) : Fma.MultiplyAdd(a, b, c);

    // Written as a choice, since the processors' own instructions disagree about NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Larger(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Smaller(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scale(Vector128<float> value, Vector128<float> shifted) =>
        (value.AsInt32() + Vector128.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> First(int count, Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(Vector128.Create(0, 1, 2, 3), Vector128.Create(count)).AsSingle(), a, b);

    /// <summary>Twos, one: the tail of the reduction tree that all widths share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float SumOfFour(Vector128<float> four)
    {
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two[0] + two[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float LargestOfFour(Vector128<float> four)
    {
        var two = Larger(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3)));
        return two[0] > two[1] ? two[0] : two[1];
    }
}
