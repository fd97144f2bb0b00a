using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>Elementary functions built from exactly rounded operations, so that every vector width gives the same bits.</summary>
internal static class Elementary
{
    /// <summary>eˣ to about one unit in the last place, for x clamped to [−87.3, 86].</summary>
    /// <remarks>
    /// x = n·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by a polynomial, times 2ⁿ. Adding 1.5·2²³ rounds to a whole number and leaves n in
    /// the low bits. ln 2 is split in two so that n·ln 2 loses nothing (Cody and Waite 1980).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, ILanes<V>
    {
        var rounder = V.Broadcast(12582912f);
        x = V.Min(V.Max(x, V.Broadcast(-87.3f)), V.Broadcast(86f));
        var shifted = V.MultiplyAdd(x, V.Broadcast(1.44269504f), rounder);
        var n = shifted - rounder;
        var r = V.MultiplyAdd(n, V.Broadcast(-0.693359375f), x);
        r = V.MultiplyAdd(n, V.Broadcast(2.12194440e-4f), r);
        var p = V.MultiplyAdd(r, V.Broadcast(1.9899288e-4f), V.Broadcast(1.3933652e-3f)); // (eʳ − 1 − r)/r², Chebyshev fit, error below 10⁻⁹
        p = V.MultiplyAdd(p, r, V.Broadcast(8.3332985e-3f));
        p = V.MultiplyAdd(p, r, V.Broadcast(4.1666465e-2f));
        p = V.MultiplyAdd(p, r, V.Broadcast(1.6666667e-1f));
        p = V.MultiplyAdd(p, r, V.Broadcast(0.5f));
        p = V.MultiplyAdd(p, r * r, r) + V.Broadcast(1f);
        return V.ScaleByPowerOfTwo(p, shifted);
    }

    /// <summary>1 / (1 + e⁻ˣ), to about two units in the last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, ILanes<V> => Reciprocal(V.Broadcast(1f) + Exp(V.Broadcast(0f) - x));

    /// <summary>1 / x for x in [1, 2¹²⁵], several times faster than a division.</summary>
    /// <remarks>
    /// Subtracting the bits of x from a constant negates its exponent and gives 1/x within 5 %. Newton's step y ← y + y(1 − xy)
    /// squares the relative error, three times. (Processors have an estimate of their own, but not the same one.)
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Reciprocal<V>(V x)
        where V : struct, ILanes<V>
    {
        var y = V.BitsMinus(0x7EF31000, x);
        var minus = V.Broadcast(0f) - x;
        var one = V.Broadcast(1f);
        y = V.MultiplyAdd(V.MultiplyAdd(minus, y, one), y, y);
        y = V.MultiplyAdd(V.MultiplyAdd(minus, y, one), y, y);
        return V.MultiplyAdd(V.MultiplyAdd(minus, y, one), y, y);
    }
}
