using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UniPo.Numerics;

/// <summary>eˣ of many numbers at once.</summary>
internal static class Exponential
{
    /// <summary>Replaces every number by its exponential.</summary>
    public static void Apply(Span<double> values)
    {
#if NET9_0_OR_GREATER
        var whole = MemoryMarshal.Cast<double, Vector256<double>>(values);
        for (var i = 0; i < whole.Length; i++)
            whole[i] = Vector256.Exp(whole[i]);
        var rest = values[(whole.Length * Vector256<double>.Count)..];
        if (rest.IsEmpty)
            return;
        // The last few go through the same vector code, so that a number's exponential does not depend on its place.
        Span<double> padded = stackalloc double[Vector256<double>.Count];
        padded.Clear();
        rest.CopyTo(padded);
        Vector256.Exp(Vector256.Create<double>(padded)).CopyTo(padded);
        padded[..rest.Length].CopyTo(rest);
#else
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Exp(values[i]);
#endif
    }
}
