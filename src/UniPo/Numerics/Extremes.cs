using System.Runtime.Intrinsics;

namespace UniPo.Numerics;

/// <summary>The smaller and the larger of two numbers that are not NaN, lane by lane, in one instruction.</summary>
/// <remarks>
/// <see cref="Vector256.Min{T}"/> spends four more on NaN and on the sign of zero, which columns do not hold or do not care for.
/// </remarks>
internal static class Extremes
{
    public static Vector256<double> Min(Vector256<double> a, Vector256<double> b) =>
#if NET9_0_OR_GREATER
        Vector256.MinNative(a, b);
#else
        Vector256.Min(a, b);
#endif

    public static Vector256<double> Max(Vector256<double> a, Vector256<double> b) =>
#if NET9_0_OR_GREATER
        Vector256.MaxNative(a, b);
#else
        Vector256.Max(a, b);
#endif
}
