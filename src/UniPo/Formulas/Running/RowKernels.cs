using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UniPo.Formulas;

/// <summary>Arithmetic on the numbers of one response, four at a time, with the same bits on every processor.</summary>
/// <remarks>Sums run in four lanes in a fixed order; products and sums are never fused.</remarks>
internal static class RowKernels
{
    private static ReadOnlySpan<Vector256<double>> Lanes(ReadOnlySpan<double> x) =>
        MemoryMarshal.Cast<double, Vector256<double>>(x);

    private static Span<Vector256<double>> Lanes(Span<double> x) => MemoryMarshal.Cast<double, Vector256<double>>(x);

    private static int Whole(int length) => length & ~3;

    /// <summary>r = a + sign · b.</summary>
    public static void Add(ReadOnlySpan<double> a, double sign, ReadOnlySpan<double> b, Span<double> r)
    {
        var x = Lanes(a);
        var y = Lanes(b);
        var z = Lanes(r);
        var s = Vector256.Create(sign);
        for (var i = 0; i < z.Length; i++)
            z[i] = x[i] + s * y[i];
        for (var i = Whole(r.Length); i < r.Length; i++)
            r[i] = a[i] + sign * b[i];
    }

    /// <summary>r = shift + factor · a.</summary>
    public static void ScaleAndShift(double shift, double factor, ReadOnlySpan<double> a, Span<double> r)
    {
        var x = Lanes(a);
        var z = Lanes(r);
        var f = Vector256.Create(factor);
        var s = Vector256.Create(shift);
        for (var i = 0; i < z.Length; i++)
            z[i] = s + f * x[i];
        for (var i = Whole(r.Length); i < r.Length; i++)
            r[i] = shift + factor * a[i];
    }

    /// <summary>r = factor · a.</summary>
    public static void Scale(double factor, ReadOnlySpan<double> a, Span<double> r)
    {
        var x = Lanes(a);
        var z = Lanes(r);
        var f = Vector256.Create(factor);
        for (var i = 0; i < z.Length; i++)
            z[i] = f * x[i];
        for (var i = Whole(r.Length); i < r.Length; i++)
            r[i] = factor * a[i];
    }

    /// <summary>r = a · b.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> r)
    {
        var x = Lanes(a);
        var y = Lanes(b);
        var z = Lanes(r);
        for (var i = 0; i < z.Length; i++)
            z[i] = x[i] * y[i];
        for (var i = Whole(r.Length); i < r.Length; i++)
            r[i] = a[i] * b[i];
    }

    /// <summary>sum += factor · a.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> a, Span<double> sum)
    {
        var x = Lanes(a);
        var z = Lanes(sum);
        var f = Vector256.Create(factor);
        for (var i = 0; i < z.Length; i++)
            z[i] += f * x[i];
        for (var i = Whole(sum.Length); i < sum.Length; i++)
            sum[i] += factor * a[i];
    }

    /// <summary>sum += a · b.</summary>
    public static void AddProduct(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> sum)
    {
        var x = Lanes(a);
        var y = Lanes(b);
        var z = Lanes(sum);
        for (var i = 0; i < z.Length; i++)
            z[i] += x[i] * y[i];
        for (var i = Whole(sum.Length); i < sum.Length; i++)
            sum[i] += a[i] * b[i];
    }

    /// <summary>Σ a · b over the tokens that count.</summary>
    public static double Dot(ReadOnlySpan<bool> mask, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        if (mask.IsEmpty)
        {
            var x = Lanes(a);
            var y = Lanes(b);
            var lanes = Vector256<double>.Zero;
            for (var i = 0; i < x.Length; i++)
                lanes += x[i] * y[i];
            sum = Vector256.Sum(lanes);
            for (var i = Whole(a.Length); i < a.Length; i++)
                sum += a[i] * b[i];
            return sum;
        }
        for (var i = 0; i < mask.Length; i++)
            if (mask[i])
                sum += a[i] * b[i];
        return sum;
    }

    /// <summary>r = the smaller (sign 1) or the larger (−1) of two; a tie goes to the first.</summary>
    public static void Choose(double sign, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> r)
    {
        var x = Lanes(a);
        var y = Lanes(b);
        var z = Lanes(r);
        var s = Vector256.Create(sign);
        for (var i = 0; i < z.Length; i++)
            z[i] = Vector256.ConditionalSelect(Vector256.LessThan(s * y[i], s * x[i]), y[i], x[i]);
        for (var i = Whole(r.Length); i < r.Length; i++)
            r[i] = sign * b[i] < sign * a[i] ? b[i] : a[i];
    }

    /// <summary>Adds to the first (or to the second) of two the derivatives of what it won; sign as for <see cref="Choose"/>.</summary>
    public static void AddChosen(
        double sign,
        bool first,
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b,
        ReadOnlySpan<double> slope,
        Span<double> sum
    )
    {
        var x = Lanes(a);
        var y = Lanes(b);
        var d = Lanes(slope);
        var z = Lanes(sum);
        var s = Vector256.Create(sign);
        for (var i = 0; i < z.Length; i++)
        {
            var second = Vector256.LessThan(s * y[i], s * x[i]);
            z[i] += d[i] & (first ? ~second : second);
        }
        for (var i = Whole(sum.Length); i < sum.Length; i++)
            if (sign * b[i] < sign * a[i] != first)
                sum[i] += slope[i];
    }

    /// <summary>r = x, but not below low and not above high.</summary>
    public static void Clamp(ReadOnlySpan<double> x, double low, double high, Span<double> r)
    {
        var a = Lanes(x);
        var z = Lanes(r);
        var l = Vector256.Create(low);
        var h = Vector256.Create(high);
        for (var i = 0; i < z.Length; i++)
        {
            var above = Vector256.ConditionalSelect(Vector256.LessThan(a[i], l), l, a[i]);
            z[i] = Vector256.ConditionalSelect(Vector256.GreaterThan(above, h), h, above);
        }
        for (var i = Whole(r.Length); i < r.Length; i++)
            r[i] =
                x[i] < low ? low
                : x[i] > high ? high
                : x[i];
    }

    /// <summary>True when no number lies outside the bounds.</summary>
    public static bool AllWithin(ReadOnlySpan<double> x, double low, double high)
    {
        var a = Lanes(x);
        var l = Vector256.Create(low);
        var h = Vector256.Create(high);
        var outside = Vector256<double>.Zero;
        foreach (var v in a)
            outside |= Vector256.LessThan(v, l) | Vector256.GreaterThan(v, h);
        for (var i = Whole(x.Length); i < x.Length; i++)
            if (x[i] < low || x[i] > high)
                return false;
        return outside.AsInt64() == Vector256<long>.Zero;
    }

    /// <summary>Adds a derivative where x lies within its bounds, edges included.</summary>
    public static void AddWithin(ReadOnlySpan<double> x, double low, double high, ReadOnlySpan<double> slope, Span<double> sum)
    {
        var a = Lanes(x);
        var d = Lanes(slope);
        var z = Lanes(sum);
        var l = Vector256.Create(low);
        var h = Vector256.Create(high);
        for (var i = 0; i < z.Length; i++)
            z[i] += d[i] & ~(Vector256.LessThan(a[i], l) | Vector256.GreaterThan(a[i], h));
        for (var i = Whole(sum.Length); i < sum.Length; i++)
            if (!(x[i] < low || x[i] > high))
                sum[i] += slope[i];
    }
}
