namespace UniPo.Engine;

/// <summary>The loops that do the arithmetic, for one vector width. All widths give the same bits.</summary>
internal abstract unsafe class Kernels
{
    /// <summary>Bits of a vector register: 512, 256, 128, or 32 for one number at a time.</summary>
    public abstract int VectorBits { get; }

    /// <summary>The widths this processor and runtime offer, widest first; 32 is always among them.</summary>
    public static IReadOnlyList<int> Widths { get; } =
    [
        .. new (int Bits, bool Offered)[]
        {
            (512, Lanes512.IsSupported),
            (256, Lanes256.IsSupported),
            (128, Lanes128.IsSupported),
            (32, true),
        }
            .Where(w => w.Offered)
            .Select(w => w.Bits),
    ];

    /// <summary>The kernels for the widest vectors this processor and runtime offer.</summary>
    public static Kernels Widest { get; } = For(Widths[0]);

    /// <summary>The kernels for a given width.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width.</exception>
    /// <exception cref="PlatformNotSupportedException">This processor or runtime does not offer it.</exception>
    public static Kernels For(int vectorBits) =>
        vectorBits switch
        {
            not (512 or 256 or 128 or 32) => throw new ArgumentOutOfRangeException(
                nameof(vectorBits),
                $"Vectors are 512, 256, 128 or 32 bits wide, but {vectorBits} was asked for."
            ),
            _ when !Widths.Contains(vectorBits) => throw new PlatformNotSupportedException(
                $"This processor and runtime offer no {vectorBits}-bit vectors; {Widths[0]} is the widest."
            ),
            512 => new Kernels<Lanes512>(512),
            256 => new Kernels<Lanes256>(256),
            128 => new Kernels<Lanes128>(128),
            _ => new Kernels<ScalarLanes>(32),
        };

    /// <summary><see cref="MatrixKernels{V}.Run"/></summary>
    public abstract void Multiply(in MatrixProduct product);

    /// <summary><see cref="NormKernels{V}.Forward"/></summary>
    public abstract void RmsNorm(float* x, float* gain, float* y, int rows, int width, int stride, float epsilon);

    /// <summary><see cref="NormKernels{V}.Backward"/></summary>
    public abstract void RmsNormBackward(
        float* x,
        float* gain,
        float* dy,
        float* dx,
        float* dgain,
        int rows,
        int width,
        int stride,
        float epsilon
    );

    /// <summary><see cref="GateKernels{V}.Forward"/></summary>
    public abstract void SwiGlu(float* gateUp, float* output, int rows, int hidden);

    /// <summary><see cref="GateKernels{V}.Backward"/></summary>
    public abstract void SwiGluBackward(float* gateUp, float* doutput, float* dgateUp, float* output, int rows, int hidden);

    /// <summary><see cref="AttentionKernels{V}.Forward"/></summary>
    public abstract void Attention(in AttentionRows rows);

    /// <summary><see cref="AttentionKernels{V}.Backward"/></summary>
    public abstract void AttentionBackward(in AttentionRows rows);

    /// <summary><see cref="CachedAttentionKernels{V}.Run"/></summary>
    public abstract void Attention(in CachedAttention token);

    /// <summary><see cref="RotaryKernels{V}.Rotate"/></summary>
    public abstract void Rotate(
        float* rows,
        int stride,
        int part,
        int heads,
        RotaryTable table,
        int count,
        int position,
        float direction = 1
    );

    /// <summary><see cref="SoftmaxKernels{V}.Row"/></summary>
    public abstract void Softmax(float* scores, int count, float scale);

    /// <summary><see cref="SoftmaxKernels{V}.Columns"/></summary>
    public abstract void SoftmaxColumns(float* scores, int keys, int diagonal, float scale);

    /// <summary><see cref="SoftmaxKernels{V}.ColumnsBackward"/></summary>
    public abstract void SoftmaxColumnsBackward(float* probabilities, float* derivative, int keys, float scale);

    /// <summary><see cref="ILanes{V}.Transpose"/></summary>
    public abstract void Transpose(float* source, int sourceStride, float* target, int targetStride);

    /// <summary><see cref="VectorKernels{V}.Exp"/></summary>
    public abstract void Exp(float* x, float* y, int count);

    /// <summary><see cref="SoftmaxKernels{V}.Shift"/></summary>
    public abstract float Shift(float* logits, int count, int padded, float inverseTemperature, out float mean);

    /// <summary><see cref="SoftmaxKernels{V}.ShiftBackward"/></summary>
    public abstract void ShiftBackward(float* shifted, float* derivative, int count, int padded, float a, float b);

    /// <summary><see cref="VectorKernels{V}.Add"/></summary>
    public abstract void Add(float* source, float* target, int count);

    /// <summary><see cref="VectorKernels{V}.AddScaled"/></summary>
    public abstract void AddScaled(float* source, float* target, int count, float factor);

    /// <summary><see cref="VectorKernels{V}.Dot"/></summary>
    public abstract float Dot(float* a, float* b, int count);

    /// <summary><see cref="VectorKernels{V}.SumOfSquares"/></summary>
    public abstract double SumOfSquares(float* values, int count);

    /// <summary><see cref="VectorKernels{V}.Scale"/></summary>
    public abstract void Scale(float* values, int count, float factor);

    /// <summary><see cref="VectorKernels{V}.AdamW"/></summary>
    public abstract void AdamW(float* parameters, float* gradient, float* mean, float* square, int count, in AdamWStep step);
}

/// <summary>The kernels computed with one type of lanes.</summary>
internal sealed unsafe class Kernels<V>(int vectorBits) : Kernels
    where V : struct, ILanes<V>
{
    public override int VectorBits => vectorBits;

    public override void Multiply(in MatrixProduct product) => MatrixKernels<V>.Run(product);

    public override void RmsNorm(float* x, float* gain, float* y, int rows, int width, int stride, float epsilon) =>
        NormKernels<V>.Forward(x, gain, y, rows, width, stride, epsilon);

    public override void RmsNormBackward(
        float* x,
        float* gain,
        float* dy,
        float* dx,
        float* dgain,
        int rows,
        int width,
        int stride,
        float epsilon
    ) => NormKernels<V>.Backward(x, gain, dy, dx, dgain, rows, width, stride, epsilon);

    public override void SwiGlu(float* gateUp, float* output, int rows, int hidden) =>
        GateKernels<V>.Forward(gateUp, output, rows, hidden);

    public override void SwiGluBackward(float* gateUp, float* doutput, float* dgateUp, float* output, int rows, int hidden) =>
        GateKernels<V>.Backward(gateUp, doutput, dgateUp, output, rows, hidden);

    public override void Attention(in AttentionRows rows) => AttentionKernels<V>.Forward(rows);

    public override void AttentionBackward(in AttentionRows rows) => AttentionKernels<V>.Backward(rows);

    public override void Attention(in CachedAttention token) => CachedAttentionKernels<V>.Run(token);

    public override void Rotate(
        float* rows,
        int stride,
        int part,
        int heads,
        RotaryTable table,
        int count,
        int position,
        float direction = 1
    ) => RotaryKernels<V>.Rotate(rows, stride, part, heads, table, count, position, direction);

    public override void Softmax(float* scores, int count, float scale) => SoftmaxKernels<V>.Row(scores, count, scale);

    public override void SoftmaxColumns(float* scores, int keys, int diagonal, float scale) =>
        SoftmaxKernels<V>.Columns(scores, keys, diagonal, scale);

    public override void SoftmaxColumnsBackward(float* probabilities, float* derivative, int keys, float scale) =>
        SoftmaxKernels<V>.ColumnsBackward(probabilities, derivative, keys, scale);

    public override void Transpose(float* source, int sourceStride, float* target, int targetStride) =>
        V.Transpose(source, sourceStride, target, targetStride);

    public override void Exp(float* x, float* y, int count) => VectorKernels<V>.Exp(x, y, count);

    public override float Shift(float* logits, int count, int padded, float inverseTemperature, out float mean) =>
        SoftmaxKernels<V>.Shift(logits, count, padded, inverseTemperature, out mean);

    public override void ShiftBackward(float* shifted, float* derivative, int count, int padded, float a, float b) =>
        SoftmaxKernels<V>.ShiftBackward(shifted, derivative, count, padded, a, b);

    public override void Add(float* source, float* target, int count) => VectorKernels<V>.Add(source, target, count);

    public override void AddScaled(float* source, float* target, int count, float factor) =>
        VectorKernels<V>.AddScaled(source, target, count, factor);

    public override float Dot(float* a, float* b, int count) => VectorKernels<V>.Dot(a, b, count);

    public override double SumOfSquares(float* values, int count) => VectorKernels<V>.SumOfSquares(values, count);

    public override void Scale(float* values, int count, float factor) => VectorKernels<V>.Scale(values, count, factor);

    public override void AdamW(float* parameters, float* gradient, float* mean, float* square, int count, in AdamWStep step) =>
        VectorKernels<V>.AdamW(parameters, gradient, mean, square, count, step);
}
