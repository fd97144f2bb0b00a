using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>C = Start + A·B for row-major float matrices.</summary>
/// <remarks>
/// Every element of C is one chain of fused multiply-adds over the steps, in ascending order, in one accumulator. So its bits
/// depend on nothing but its row of A and its column of B: not on the vector width, on the block it falls into, or on the thread.
/// </remarks>
internal static unsafe class MatrixKernels<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>
    /// Steps of a tile, so that a panel of B stays in the nearest cache; rows of a tile, so that A and C stay in the next.
    /// </summary>
    private const int TileSteps = 192,
        TileRows = 128;

    /// <summary>Multiplies; see <see cref="MatrixProduct"/> for what the numbers mean.</summary>
    /// <remarks>Between two tiles of steps the accumulators rest in C: that is exact, so tiles do not show in the bits.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in MatrixProduct m)
    {
        var tileSteps = m.Steps <= TileSteps ? m.Steps : (m.Steps + (m.Steps / TileSteps)) / ((m.Steps / TileSteps) + 1);
        for (var row = 0; row < m.Rows; row += TileRows)
        {
            var step = 0;
            do
            {
                Tile(m, row, Math.Min(row + TileRows, m.Rows), step, Math.Min(tileSteps, m.Steps - step));
                step += tileSteps;
            } while (step < m.Steps);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(in MatrixProduct m, int firstRow, int endRow, int firstStep, int steps)
    {
        var origin = firstStep == 0 ? m.Start : m.C;
        var blockRows = V.HasManyRegisters ? 8 : 4;
        for (var column = 0; column < m.Columns; )
        {
            var b = m.B + (column / (2 * Lanes) * (nint)m.BPanel) + (column % (2 * Lanes)) + (firstStep * (nint)m.BStep);
            var wide = V.HasManyRegisters && column + Lanes < m.Columns;
            for (var row = firstRow; row < endRow; row += blockRows)
            {
                var a = m.A + (row * (nint)m.ARow) + (firstStep * (nint)m.AStep);
                var place = (row * (nint)m.CRow) + column;
                var start = origin == null ? null : origin + place;
                if (wide)
                    Block8x2(a, m.ARow, m.AStep, b, m.BStep, m.C + place, m.CRow, steps, start);
                else if (V.HasManyRegisters)
                    Block8x1(a, m.ARow, m.AStep, b, m.BStep, m.C + place, m.CRow, steps, start);
                else
                    Block4x1(a, m.ARow, m.AStep, b, m.BStep, m.C + place, m.CRow, steps, start);
            }
            column += wide ? 2 * Lanes : Lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8x2(
        float* a,
        nint aRow,
        nint aStep,
        float* b,
        nint bStep,
        float* c,
        nint cRow,
        int steps,
        float* start
    )
    {
        V c00 = default,
            c01 = default,
            c10 = default,
            c11 = default,
            c20 = default,
            c21 = default,
            c30 = default,
            c31 = default;
        V c40 = default,
            c41 = default,
            c50 = default,
            c51 = default,
            c60 = default,
            c61 = default,
            c70 = default,
            c71 = default;
        if (start != null)
        {
            (c00, c01) = (V.Load(start), V.Load(start + Lanes));
            (c10, c11) = (V.Load(start + cRow), V.Load(start + cRow + Lanes));
            (c20, c21) = (V.Load(start + (2 * cRow)), V.Load(start + (2 * cRow) + Lanes));
            (c30, c31) = (V.Load(start + (3 * cRow)), V.Load(start + (3 * cRow) + Lanes));
            (c40, c41) = (V.Load(start + (4 * cRow)), V.Load(start + (4 * cRow) + Lanes));
            (c50, c51) = (V.Load(start + (5 * cRow)), V.Load(start + (5 * cRow) + Lanes));
            (c60, c61) = (V.Load(start + (6 * cRow)), V.Load(start + (6 * cRow) + Lanes));
            (c70, c71) = (V.Load(start + (7 * cRow)), V.Load(start + (7 * cRow) + Lanes));
        }
        var a4 = a + (4 * aRow);
        var aRow3 = 3 * aRow;
        for (; steps > 0; steps--)
        {
            V b0 = V.Load(b),
                b1 = V.Load(b + Lanes);
            var x = V.Broadcast(*a);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = V.MultiplyAdd(x, b1, c01);
            x = V.Broadcast(a[aRow]);
            c10 = V.MultiplyAdd(x, b0, c10);
            c11 = V.MultiplyAdd(x, b1, c11);
            x = V.Broadcast(a[2 * aRow]);
            c20 = V.MultiplyAdd(x, b0, c20);
            c21 = V.MultiplyAdd(x, b1, c21);
            x = V.Broadcast(a[aRow3]);
            c30 = V.MultiplyAdd(x, b0, c30);
            c31 = V.MultiplyAdd(x, b1, c31);
            x = V.Broadcast(*a4);
            c40 = V.MultiplyAdd(x, b0, c40);
            c41 = V.MultiplyAdd(x, b1, c41);
            x = V.Broadcast(a4[aRow]);
            c50 = V.MultiplyAdd(x, b0, c50);
            c51 = V.MultiplyAdd(x, b1, c51);
            x = V.Broadcast(a4[2 * aRow]);
            c60 = V.MultiplyAdd(x, b0, c60);
            c61 = V.MultiplyAdd(x, b1, c61);
            x = V.Broadcast(a4[aRow3]);
            c70 = V.MultiplyAdd(x, b0, c70);
            c71 = V.MultiplyAdd(x, b1, c71);
            a += aStep;
            a4 += aStep;
            b += bStep;
        }
        Store(c00, c01, c);
        Store(c10, c11, c + cRow);
        Store(c20, c21, c + (2 * cRow));
        Store(c30, c31, c + (3 * cRow));
        Store(c40, c41, c + (4 * cRow));
        Store(c50, c51, c + (5 * cRow));
        Store(c60, c61, c + (6 * cRow));
        Store(c70, c71, c + (7 * cRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8x1(
        float* a,
        nint aRow,
        nint aStep,
        float* b,
        nint bStep,
        float* c,
        nint cRow,
        int steps,
        float* start
    )
    {
        V c0 = default,
            c1 = default,
            c2 = default,
            c3 = default,
            c4 = default,
            c5 = default,
            c6 = default,
            c7 = default;
        var lower = c + (4 * cRow);
        if (start != null)
        {
            (c0, c1, c2, c3) = (V.Load(start), V.Load(start + cRow), V.Load(start + (2 * cRow)), V.Load(start + (3 * cRow)));
            start += 4 * cRow;
            (c4, c5, c6, c7) = (V.Load(start), V.Load(start + cRow), V.Load(start + (2 * cRow)), V.Load(start + (3 * cRow)));
        }
        var a4 = a + (4 * aRow);
        var aRow3 = 3 * aRow;
        for (; steps > 0; steps--)
        {
            var b0 = V.Load(b);
            c0 = V.MultiplyAdd(V.Broadcast(*a), b0, c0);
            c1 = V.MultiplyAdd(V.Broadcast(a[aRow]), b0, c1);
            c2 = V.MultiplyAdd(V.Broadcast(a[2 * aRow]), b0, c2);
            c3 = V.MultiplyAdd(V.Broadcast(a[aRow3]), b0, c3);
            c4 = V.MultiplyAdd(V.Broadcast(*a4), b0, c4);
            c5 = V.MultiplyAdd(V.Broadcast(a4[aRow]), b0, c5);
            c6 = V.MultiplyAdd(V.Broadcast(a4[2 * aRow]), b0, c6);
            c7 = V.MultiplyAdd(V.Broadcast(a4[aRow3]), b0, c7);
            a += aStep;
            a4 += aStep;
            b += bStep;
        }
        V.Store(c0, c);
        V.Store(c1, c + cRow);
        V.Store(c2, c + (2 * cRow));
        V.Store(c3, c + (3 * cRow));
        V.Store(c4, lower);
        V.Store(c5, lower + cRow);
        V.Store(c6, lower + (2 * cRow));
        V.Store(c7, lower + (3 * cRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4x1(
        float* a,
        nint aRow,
        nint aStep,
        float* b,
        nint bStep,
        float* c,
        nint cRow,
        int steps,
        float* start
    )
    {
        V c0 = default,
            c1 = default,
            c2 = default,
            c3 = default;
        if (start != null)
            (c0, c1, c2, c3) = (V.Load(start), V.Load(start + cRow), V.Load(start + (2 * cRow)), V.Load(start + (3 * cRow)));
        var aRow3 = 3 * aRow;
        for (; steps > 0; steps--)
        {
            var b0 = V.Load(b);
            c0 = V.MultiplyAdd(V.Broadcast(*a), b0, c0);
            c1 = V.MultiplyAdd(V.Broadcast(a[aRow]), b0, c1);
            c2 = V.MultiplyAdd(V.Broadcast(a[2 * aRow]), b0, c2);
            c3 = V.MultiplyAdd(V.Broadcast(a[aRow3]), b0, c3);
            a += aStep;
            b += bStep;
        }
        V.Store(c0, c);
        V.Store(c1, c + cRow);
        V.Store(c2, c + (2 * cRow));
        V.Store(c3, c + (3 * cRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V first, V second, float* target)
    {
        V.Store(first, target);
        V.Store(second, target + Lanes);
    }
}
