using UniPo.Engine;
using UniPo.Numerics;
using UniPo.Tests.Policies;

namespace UniPo.Tests.Numerics;

/// <summary>Each kernel against plain loops in double, and bit for bit against itself computed one number at a time.</summary>
public unsafe class KernelTests
{
    private static readonly Kernels Scalar = Kernels.For(32);

    /// <summary>The vector widths this processor offers.</summary>
    public static TheoryData<int> Widths => [.. Kernels.Widths];

    private static float[] Numbers(int count, ulong seed, double scale = 1) =>
        [.. PolicyCases.Numbers(count, seed).Select(v => (float)(v * scale))];

    [Theory, MemberData(nameof(Widths))]
    public void Products_of_all_sizes_have_the_bits_of_one_chain_of_multiply_adds(int bits)
    {
        foreach (
            var (rows, columns, steps) in new[] { (1, 16, 1), (8, 32, 5), (3, 48, 17), (17, 16, 64), (9, 80, 0), (20, 64, 33) }
        )
        foreach (var accumulate in new[] { false, true })
        {
            var (aRow, cRow) = (steps + 3, columns + 16);
            float[] a = Numbers((rows + 8) * aRow, 1),
                b = Numbers((steps + 1) * columns, 2),
                start = Numbers((rows + 8) * cRow, 3),
                c = [.. start];
            fixed (
                float* pa = a,
                    pb = b,
                    pc = c
            )
                Kernels
                    .For(bits)
                    .Multiply(
                        new MatrixProduct
                        {
                            A = pa,
                            ARow = aRow,
                            AStep = 1,
                            B = pb,
                            BStep = columns,
                            BPanel = 32,
                            C = pc,
                            CRow = cRow,
                            Rows = rows,
                            Columns = columns,
                            Steps = steps,
                            Start = accumulate ? pc : null,
                        }
                    );
            for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var expected = accumulate ? start[(row * cRow) + column] : 0f;
                for (var step = 0; step < steps; step++)
                    expected = MathF.FusedMultiplyAdd(a[(row * aRow) + step], b[(step * columns) + column], expected);
                Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(c[(row * cRow) + column]));
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void A_transposed_left_factor_and_packed_panels_are_read_right(int bits)
    {
        const int Rows = 11,
            Columns = 48,
            Steps = 7;
        float[] a = Numbers(Steps * 24, 1),
            b = Numbers(Steps * Columns, 2),
            packed = new float[Steps * 64],
            c = new float[24 * Columns];
        for (var step = 0; step < Steps; step++)
        for (var column = 0; column < Columns; column++)
            packed[(column / 32 * 32 * Steps) + (step * 32) + (column % 32)] = b[(step * Columns) + column];
        fixed (
            float* pa = a,
                pb = packed,
                pc = c
        )
            Kernels
                .For(bits)
                .Multiply(
                    new MatrixProduct
                    {
                        A = pa,
                        ARow = 1,
                        AStep = 24,
                        B = pb,
                        BStep = 32,
                        BPanel = 32 * Steps,
                        C = pc,
                        CRow = Columns,
                        Rows = Rows,
                        Columns = Columns,
                        Steps = Steps,
                    }
                );
        for (var row = 0; row < Rows; row++)
        for (var column = 0; column < Columns; column++)
        {
            var expected = 0f;
            for (var step = 0; step < Steps; step++)
                expected = MathF.FusedMultiplyAdd(a[(step * 24) + row], b[(step * Columns) + column], expected);
            Assert.Equal(expected, c[(row * Columns) + column]);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Softmax_is_right_at_a_thousand(int bits)
    {
        foreach (var (count, shift) in new[] { (1, 0.0), (5, 1000), (16, -1000), (23, 0), (40, 1000) })
        {
            var scores = Numbers(48, 4, 3).Select(v => (float)(v + shift)).ToArray();
            var z = scores.Take(count).Select(v => v * 0.5).ToArray();
            fixed (float* p = scores)
                Kernels.For(bits).Softmax(p, count, 0.5f);
            var sum = z.Sum(v => Math.Exp(v - z.Max()));
            for (var i = 0; i < count; i++)
                Assert.Equal(Math.Exp(z[i] - z.Max()) / sum, scores[i], 1e-6);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Softmax_by_columns_has_the_bits_of_softmax_by_rows_and_is_zero_beyond_the_diagonal(int bits)
    {
        foreach (var (keys, diagonal) in new[] { (1, 0), (16, 0), (20, 4), (33, 17), (9, 30) })
        {
            var columns = Numbers(keys * 16, 5, 3);
            var rows = Enumerable
                .Range(0, 16)
                .Select(i => Enumerable.Range(0, 48).Select(key => key < keys ? columns[(key * 16) + i] : 0).ToArray())
                .ToArray();
            fixed (float* p = columns)
                Kernels.For(bits).SoftmaxColumns(p, keys, diagonal, 0.3f);
            for (var i = 0; i < 16; i++)
            {
                var seen = Math.Min(diagonal + i + 1, keys);
                fixed (float* p = rows[i])
                    Scalar.Softmax(p, seen, 0.3f);
                for (var key = 0; key < keys; key++)
                    Assert.Equal(key < seen ? rows[i][key] : 0, columns[(key * 16) + i]);
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void A_transposed_block_holds_rows_as_columns(int bits)
    {
        float[] source = Numbers(16 * 20, 6),
            target = new float[16 * 24];
        fixed (
            float* s = source,
                t = target
        )
            Kernels.For(bits).Transpose(s, 20, t, 24);
        for (var i = 0; i < 16; i++)
        for (var j = 0; j < 16; j++)
            Assert.Equal(source[(j * 20) + i], target[(i * 24) + j]);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Log_softmax_is_right_at_plus_and_minus_a_thousand(int bits)
    {
        foreach (var scale in new[] { 1.0, 1000 })
        {
            float[] logits = [.. Numbers(14, 9, scale), 7f, 7f];
            var z = logits.Take(14).Select(v => v / 0.8).ToArray();
            float sum,
                mean;
            fixed (float* p = logits)
                sum = Kernels.For(bits).Shift(p, 14, 16, 1.25f, out mean);
            var logSum = z.Max() + Math.Log(z.Sum(v => Math.Exp(v - z.Max())));
            for (var i = 0; i < 14; i++)
                Assert.Equal(z[i] - logSum, logits[i] - Math.Log(sum), (z.Max(Math.Abs) * 3e-7) + 1e-6);
            Assert.Equal(-z.Sum(v => Math.Exp(v - logSum) * (v - logSum)), Math.Log(sum) - (mean / sum), 1e-5);
            Assert.Equal((0, 0), (logits[14], logits[15]));
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void The_exponential_is_accurate_and_has_the_same_bits_at_every_width(int bits)
    {
        for (var block = -88.0; block < 89; block += 0.171)
        {
            float[] x = [.. Enumerable.Range(0, 16).Select(i => (float)(block + (i * 0.01)))],
                ones = [.. Enumerable.Repeat(1f, 16)],
                y = new float[16],
                same = new float[16];
            fixed (
                float* px = x,
                    py = y,
                    ps = same
            )
            {
                Kernels.For(bits).Exp(px, py, 16);
                Scalar.Exp(px, ps, 16);
            }
            Assert.Equal(same, y);
            for (var i = 0; i < 16; i++)
                if (x[i] is > -87 and < 86)
                    Assert.InRange((y[i] / Math.Exp(x[i])) - 1, -2e-7, 2e-7);
        }
    }

    [Fact]
    public void A_width_that_does_not_exist_is_refused() =>
        Assert.Contains(
            "64",
            Assert.Throws<ArgumentOutOfRangeException>(() => Kernels.For(64)).Message,
            StringComparison.Ordinal
        );
}
