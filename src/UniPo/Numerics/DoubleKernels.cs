using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UniPo.Numerics;

/// <summary>Loops over columns of numbers, four at a time.</summary>
/// <remarks>
/// Four on every processor; where registers are narrower the compiler takes two. So sums are made of the same four partial sums, and
/// which numbers are left over at the end does not depend on the machine.
/// </remarks>
internal static class DoubleKernels
{
    private static ReadOnlySpan<Vector256<double>> Lanes(ReadOnlySpan<double> values) =>
        MemoryMarshal.Cast<double, Vector256<double>>(values);

    private static Span<Vector256<double>> Lanes(Span<double> values) => MemoryMarshal.Cast<double, Vector256<double>>(values);

    /// <summary>Index of the first number that does not fill a vector.</summary>
    private static int Rest(int length) => length - length % Vector256<double>.Count;

    /// <summary>Σ value, in four sums.</summary>
    public static double Sum(ReadOnlySpan<double> values)
    {
        var lanes = Vector256<double>.Zero;
        foreach (var v in Lanes(values))
            lanes += v;
        var sum = Vector256.Sum(lanes);
        foreach (var v in values[Rest(values.Length)..])
            sum += v;
        return sum;
    }

    /// <summary>target = a − b.</summary>
    public static void Subtract(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> target)
    {
        ReadOnlySpan<Vector256<double>> left = Lanes(a),
            right = Lanes(b);
        var result = Lanes(target);
        for (var i = 0; i < result.Length; i++)
            result[i] = left[i] - right[i];
        for (var i = Rest(target.Length); i < target.Length; i++)
            target[i] = a[i] - b[i];
    }

    /// <summary>target = a + b.</summary>
    public static void Add(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> target)
    {
        ReadOnlySpan<Vector256<double>> left = Lanes(a),
            right = Lanes(b);
        var result = Lanes(target);
        for (var i = 0; i < result.Length; i++)
            result[i] = left[i] + right[i];
        for (var i = Rest(target.Length); i < target.Length; i++)
            target[i] = a[i] + b[i];
    }

    /// <summary>target = a · b, number by number.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> target)
    {
        ReadOnlySpan<Vector256<double>> left = Lanes(a),
            right = Lanes(b);
        var result = Lanes(target);
        for (var i = 0; i < result.Length; i++)
            result[i] = left[i] * right[i];
        for (var i = Rest(target.Length); i < target.Length; i++)
            target[i] = a[i] * b[i];
    }

    /// <summary>values = (values − shift) · factor.</summary>
    public static void ShiftAndScale(Span<double> values, double shift, double factor)
    {
        var away = Vector256.Create(shift);
        foreach (ref var v in Lanes(values))
            v = (v - away) * factor;
        foreach (ref var v in values[Rest(values.Length)..])
            v = (v - shift) * factor;
    }

    /// <summary>Σ (value − center)², in four sums.</summary>
    public static double SquaresAround(ReadOnlySpan<double> values, double center)
    {
        var (lanes, middle) = (Vector256<double>.Zero, Vector256.Create(center));
        foreach (var v in Lanes(values))
            lanes += (v - middle) * (v - middle);
        var sum = Vector256.Sum(lanes);
        foreach (var v in values[Rest(values.Length)..])
            sum += (v - center) * (v - center);
        return sum;
    }

    /// <summary>values = factor · values.</summary>
    public static void Scale(Span<double> values, double factor)
    {
        foreach (ref var v in Lanes(values))
            v *= factor;
        foreach (ref var v in values[Rest(values.Length)..])
            v *= factor;
    }

    /// <summary>target = target + factor · values.</summary>
    public static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> values)
    {
        var result = Lanes(target);
        var added = Lanes(values);
        var scale = Vector256.Create(factor);
        for (var i = 0; i < result.Length; i++)
            result[i] += scale * added[i];
        for (var i = Rest(target.Length); i < target.Length; i++)
            target[i] += factor * values[i];
    }

    /// <summary>Holds every number in [low, high].</summary>
    public static void Clamp(Span<double> values, double low, double high)
    {
        var (least, most) = (Vector256.Create(low), Vector256.Create(high));
        foreach (ref var v in Lanes(values))
            v = Extremes.Min(Extremes.Max(v, least), most);
        foreach (ref var v in values[Rest(values.Length)..])
            v = Math.Clamp(v, low, high);
    }

    /// <summary>True when every number lies in [low, high]; NaN does not.</summary>
    public static bool AllWithin(ReadOnlySpan<double> values, double low, double high)
    {
        var (least, most) = (Vector256.Create(low), Vector256.Create(high));
        foreach (var v in Lanes(values))
            if (!Vector256.GreaterThanOrEqualAll(v, least) || !Vector256.LessThanOrEqualAll(v, most))
                return false;
        foreach (var v in values[Rest(values.Length)..])
            if (!(v >= low && v <= high))
                return false;
        return true;
    }

    /// <summary>Smallest and largest number; (∞, −∞) of none.</summary>
    public static (double Least, double Most) Range(ReadOnlySpan<double> values)
    {
        var (least, most) = (Vector256.Create(double.PositiveInfinity), Vector256.Create(double.NegativeInfinity));
        foreach (var v in Lanes(values))
            (least, most) = (Extremes.Min(least, v), Extremes.Max(most, v));
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < Vector256<double>.Count; i++)
            (low, high) = (Math.Min(low, least[i]), Math.Max(high, most[i]));
        foreach (var v in values[Rest(values.Length)..])
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
        return (low, high);
    }

    /// <summary>How many numbers are exactly 0.</summary>
    public static int Zeros(ReadOnlySpan<double> values)
    {
        var lanes = Vector256<long>.Zero;
        foreach (var v in Lanes(values))
            lanes -= Vector256.Equals(v, Vector256<double>.Zero).AsInt64(); // a lane that is equal is −1
        var count = (int)Vector256.Sum(lanes);
        foreach (var v in values[Rest(values.Length)..])
            if (v == 0)
                count++;
        return count;
    }
}
