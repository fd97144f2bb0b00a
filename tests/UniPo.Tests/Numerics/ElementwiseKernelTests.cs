using UniPo.Engine;
using UniPo.Numerics;
using UniPo.Tests.Policies;

namespace UniPo.Tests.Numerics;

/// <summary>Kernels that work number by number or row by row: bit for bit what the scalar reference computes.</summary>
public unsafe class ElementwiseKernelTests
{
    private const int Rows = 5,
        Width = 24,
        Stride = 32;

    // Five buffers of padded rows: what is read, and what is written.
    private delegate void Operation(Kernels k, float* a, float* b, float* c, float* d, float* e);

    private static readonly Dictionary<string, Operation> Operations = new()
    {
        ["RmsNorm"] = (k, a, b, c, d, e) => k.RmsNorm(a, b, c, Rows, Width, Stride, 1e-5f),
        ["RmsNormBackward"] = (k, a, b, c, d, e) => k.RmsNormBackward(a, b, c, d, e, Rows, Width, Stride, 1e-5f),
        ["SwiGlu"] = (k, a, b, c, d, e) => k.SwiGlu(a, b, 2, Stride),
        ["SwiGluBackward"] = (k, a, b, c, d, e) => k.SwiGluBackward(a, b, c, d, 2, Stride),
        ["Add"] = (k, a, b, c, d, e) => k.Add(a, b, 45),
        ["AddScaled"] = (k, a, b, c, d, e) => k.AddScaled(a, b, 45, 0.3f),
        ["Scale"] = (k, a, b, c, d, e) => k.Scale(a, 45, 0.3f),
        ["SumOfSquares"] = (k, a, b, c, d, e) => *b = (float)k.SumOfSquares(a, 77),
        ["Dot"] = (k, a, b, c, d, e) => *c = k.Dot(a, b, 64),
        ["ShiftBackward"] = (k, a, b, c, d, e) => k.ShiftBackward(a, b, 21, 32, 0.3f, -0.2f),
        ["SoftmaxColumnsBackward"] = (k, a, b, c, d, e) => k.SoftmaxColumnsBackward(a, b, 9, 0.3f),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var name in Operations.Keys)
            foreach (var bits in Kernels.Widths.Where(w => w > 32))
                cases.Add(name, bits);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_kernel_has_the_bits_of_the_scalar_reference(string name, int bits)
    {
        var expected = Run(Operations[name], Kernels.For(32));
        Assert.NotEqual(Buffers().SelectMany(x => x), expected.SelectMany(x => x)); // the operation wrote something
        Assert.Equal(Bits(expected), Bits(Run(Operations[name], Kernels.For(bits))));
    }

    private static float[][] Run(Operation operation, Kernels kernels)
    {
        var x = Buffers();
        fixed (
            float* a = x[0],
                b = x[1],
                c = x[2],
                d = x[3],
                e = x[4]
        )
            operation(kernels, a, b, c, d, e);
        return x;
    }

    private static float[][] Buffers() => [.. Enumerable.Range(0, 5).Select(i => Padded((ulong)(10 * i)))];

    private static float[] Padded(ulong seed) =>
        [
            .. Enumerable
                .Range(0, Rows)
                .SelectMany(r =>
                    PolicyCases.Numbers(Width, seed + (ulong)r).Select(v => (float)v).Concat(new float[Stride - Width])
                ),
        ];

    private static IEnumerable<int> Bits(float[][] buffers) => buffers.SelectMany(b => b).Select(BitConverter.SingleToInt32Bits);
}
