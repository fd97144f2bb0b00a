using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>Rotates queries and keys by their positions, in place.</summary>
internal static unsafe class RotaryKernels<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>Rotates every head of some neighbouring rows at neighbouring positions.</summary>
    /// <param name="rows">First row: queries, then keys, each part <paramref name="part"/> floats wide.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="part">Floats of a part.</param>
    /// <param name="heads">Heads of a part.</param>
    /// <param name="table">Cosines and sines.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="position">Position of the first row.</param>
    /// <param name="direction">1 forward; −1 back, which turns derivatives.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(
        float* rows,
        int stride,
        int part,
        int heads,
        RotaryTable table,
        int count,
        int position,
        float direction
    )
    {
        for (; count > 0; count--, rows += stride, position++)
            if (table.HeadSize == Lanes)
                Sixteens(rows, part, heads, table, position, direction);
            else if (table.HeadSize % (2 * Lanes) == 0)
                Halves(rows, part, heads, table, position, direction);
            else
                Pairs(rows, part, heads, table, position, direction);
    }

    /// <summary>A head of sixteen is one vector; its partners are the other half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteens(float* row, int part, int heads, RotaryTable table, int position, float direction)
    {
        V cosines = V.Load(table.Cosines(position)),
            sines = V.Load(table.Sines(position)) * V.Broadcast(direction);
        for (var head = 0; head < heads; head++, row += Lanes)
        {
            V query = V.Load(row),
                key = V.Load(row + part);
            V.Store(V.MultiplyAdd(query, cosines, V.SwapHalves(query) * sines), row);
            V.Store(V.MultiplyAdd(key, cosines, V.SwapHalves(key) * sines), row + part);
        }
    }

    /// <summary>Heads whose halves are whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(float* row, int part, int heads, RotaryTable table, int position, float direction)
    {
        var (size, half) = (table.HeadSize, table.HeadSize / 2);
        var sign = V.Broadcast(direction);
        float* cosines = table.Cosines(position),
            sines = table.Sines(position);
        for (var i = 0; i < half; i += Lanes)
        {
            V cosine = V.Load(cosines + i),
                negative = V.Load(sines + i) * sign,
                positive = V.Load(sines + half + i) * sign;
            for (var head = 0; head < heads; head++)
            for (var side = 0; side < 2; side++)
            {
                var at = row + (head * size) + (side * part) + i;
                V first = V.Load(at),
                    second = V.Load(at + half);
                V.Store(V.MultiplyAdd(first, cosine, second * negative), at);
                V.Store(V.MultiplyAdd(second, cosine, first * positive), at + half);
            }
        }
    }

    /// <summary>Heads of any even size, one pair at a time.</summary>
    private static void Pairs(float* row, int part, int heads, RotaryTable table, int position, float direction)
    {
        var (size, half) = (table.HeadSize, table.HeadSize / 2);
        float* cosines = table.Cosines(position),
            sines = table.Sines(position);
        for (var head = 0; head < heads; head++)
        for (var side = 0; side < 2; side++)
        {
            var at = row + (head * size) + (side * part);
            for (var i = 0; i < half; i++)
            {
                var (first, second) = (at[i], at[half + i]);
                at[i] = MathF.FusedMultiplyAdd(first, cosines[i], second * (sines[i] * direction));
                at[half + i] = MathF.FusedMultiplyAdd(second, cosines[half + i], first * (sines[half + i] * direction));
            }
        }
    }
}
