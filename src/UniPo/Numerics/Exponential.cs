using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UniPo.Numerics;

/// <summary>eˣ in double precision, to within one unit in the last place and with the same bits everywhere.</summary>
/// <remarks>
/// Only sums, products and quotients that are each rounded once (IEEE 754): no fused multiply-add, which some processors lack, and no
/// library function, which differs between runtimes. x = n·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by the rational approximation of
/// fdlibm (Sun Microsystems, e_exp.c), times 2ⁿ in two steps, so that results just above zero are rounded once too.
/// </remarks>
internal static class Exponential
{
    private const double Overflow = 710, // beyond, eˣ is ∞
        Underflow = -746, // below, eˣ is 0
        InverseLn2 = 1.44269504088896338700,
        Ln2High = 6.93147180369123816490e-01, // the last 21 bits are 0, so that n·Ln2High is exact
        Ln2Low = 1.90821492927058770002e-10,
        P1 = 1.66666666666666019037e-01,
        P2 = -2.77777777770155933842e-03,
        P3 = 6.61375632143793436117e-05,
        P4 = -1.65339022054652515390e-06,
        P5 = 4.13813679705723846039e-08,
        Rounder = 6755399441055744.0; // 1.5·2⁵²: adding it rounds to a whole number and leaves that in the low bits

    /// <summary>Replaces every number by its exponential.</summary>
    public static void Apply(Span<double> values)
    {
        var whole = MemoryMarshal.Cast<double, Vector256<double>>(values);
        for (var i = 0; i < whole.Length; i++)
            whole[i] = Of(whole[i]);
        foreach (ref var value in values[(whole.Length * Vector256<double>.Count)..])
            value = Of(value);
    }

    /// <summary>eˣ of one number: the bits that <see cref="Apply"/> gives.</summary>
    public static double Of(double x)
    {
        x = x > Overflow ? Overflow : x;
        x = x < Underflow ? Underflow : x; // NaN stays NaN
        var shifted = (x * InverseLn2) + Rounder;
        var n = shifted - Rounder;
        var high = x - (n * Ln2High);
        var low = n * Ln2Low;
        var r = high - low;
        var t = r * r;
        var c = r - (t * (P1 + (t * (P2 + (t * (P3 + (t * (P4 + (t * P5)))))))));
        var y = 1 - (low - (r * c / (2 - c)) - high);
        var half = (n * 0.5) + Rounder;
        var rest = n - (half - Rounder) + Rounder;
        return y * PowerOfTwo(half) * PowerOfTwo(rest);
    }

    private static Vector256<double> Of(Vector256<double> x)
    {
        var (most, least, rounder) = (Vector256.Create(Overflow), Vector256.Create(Underflow), Vector256.Create(Rounder));
        x = Vector256.ConditionalSelect(Vector256.GreaterThan(x, most), most, x);
        x = Vector256.ConditionalSelect(Vector256.LessThan(x, least), least, x);
        var shifted = (x * Vector256.Create(InverseLn2)) + rounder;
        var n = shifted - rounder;
        var high = x - (n * Vector256.Create(Ln2High));
        var low = n * Vector256.Create(Ln2Low);
        var r = high - low;
        var t = r * r;
        var p = Vector256.Create(P4) + (t * Vector256.Create(P5));
        p = Vector256.Create(P3) + (t * p);
        p = Vector256.Create(P2) + (t * p);
        p = Vector256.Create(P1) + (t * p);
        var c = r - (t * p);
        var y = Vector256.Create(1.0) - (low - (r * c / (Vector256.Create(2.0) - c)) - high);
        var half = (n * Vector256.Create(0.5)) + rounder;
        var rest = n - (half - rounder) + rounder;
        return y * PowerOfTwo(half) * PowerOfTwo(rest);
    }

    /// <summary>2ⁿ, where n stands in the low bits: they become the exponent of a number whose mantissa is 1.</summary>
    private static double PowerOfTwo(double shifted) =>
        BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(shifted) + 1023) << 52);

    private static Vector256<double> PowerOfTwo(Vector256<double> shifted) =>
        Vector256.ShiftLeft(shifted.AsInt64() + Vector256.Create(1023L), 52).AsDouble();
}
