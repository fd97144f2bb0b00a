using UniPo.Numerics;

namespace UniPo.Formulas;

/// <summary>a + sign · b.</summary>
internal sealed class SumNode(Level level, Node a, Node b, double sign) : Node(level, a, b)
{
    public override bool IsLinear => true;

    public override void Forward(Frame frame)
    {
        var r = frame.Values(this);
        if (Frame.IsShared(a, this))
            RowKernels.ScaleAndShift(frame.Shared(a), sign, frame.Values(b, this), r);
        else if (Frame.IsShared(b, this))
            RowKernels.ScaleAndShift(sign * frame.Shared(b), 1, frame.Values(a, this), r);
        else
            RowKernels.Add(frame.Values(a, this), sign, frame.Values(b, this), r);
    }

    public override void Backward(Frame frame)
    {
        PassOn(frame, a, 1);
        PassOn(frame, b, sign);
    }

    private void PassOn(Frame frame, Node input, double factor)
    {
        if (!input.Moves)
            return;
        var slopes = frame.Slopes(this);
        if (Frame.IsShared(input, this))
            frame.AddShared(input, factor * DoubleKernels.Sum(slopes));
        else
            RowKernels.AddScaled(factor, slopes, frame.Slopes(input, this));
    }
}

/// <summary>a · b.</summary>
/// <remarks>
/// A factor that is exactly 0 wins over everything where numbers are one a response or fewer: 1/n_i · Σ_t over a response without
/// tokens is 0, not 0/0.
/// </remarks>
internal sealed class ProductNode(Level level, Node a, Node b) : Node(level, a, b)
{
    public override bool IsLinear => !a.Moves || !b.Moves;

    public override void Forward(Frame frame)
    {
        var r = frame.Values(this);
        if (Frame.IsShared(a, this))
            RowKernels.Scale(frame.Shared(a), frame.Values(b, this), r);
        else if (Frame.IsShared(b, this))
            RowKernels.Scale(frame.Shared(b), frame.Values(a, this), r);
        else
            RowKernels.Multiply(frame.Values(a, this), frame.Values(b, this), r);
        if (Level != Level.Token)
            ZerosWin(frame, r);
    }

    private void ZerosWin(Frame frame, Span<double> r)
    {
        for (var i = 0; i < r.Length; i++)
            if (double.IsNaN(r[i]) && (Is0(frame, a, i) || Is0(frame, b, i)))
                r[i] = 0;
    }

    private bool Is0(Frame frame, Node input, int i) =>
        (Frame.IsShared(input, this) ? frame.Shared(input) : frame.Values(input, this)[i]) == 0;

    public override void Backward(Frame frame)
    {
        PassOn(frame, a, b);
        PassOn(frame, b, a);
    }

    private void PassOn(Frame frame, Node input, Node other)
    {
        if (!input.Moves)
            return;
        ReadOnlySpan<double> slopes = frame.Slopes(this);
        if (Frame.IsShared(input, this))
        {
            var mask = Level == Level.Token ? frame.Mask : default;
            frame.AddShared(input, RowKernels.Dot(mask, slopes, frame.Values(other, this)));
        }
        else if (Frame.IsShared(other, this))
        {
            // The weight of a response without tokens is infinite (1/0), but there is nothing it could push.
            if (frame.Shared(other) is var factor && double.IsFinite(factor))
                RowKernels.AddScaled(factor, slopes, frame.Slopes(input, this));
        }
        else if (Level == Level.Token)
            RowKernels.AddProduct(slopes, frame.Values(other, this), frame.Slopes(input, this));
        else
            AddFinite(slopes, frame.Values(other, this), frame.Slopes(input, this));
    }

    private static void AddFinite(ReadOnlySpan<double> slopes, ReadOnlySpan<double> factors, Span<double> sum)
    {
        for (var i = 0; i < sum.Length; i++)
            if (slopes[i] != 0 && double.IsFinite(factors[i]))
                sum[i] += slopes[i] * factors[i];
    }
}

/// <summary>a / b; 0 / 0 is 0, because a numerator that is exactly 0 wins.</summary>
internal sealed class QuotientNode(Level level, Node a, Node b) : Node(level, a, b)
{
    public override bool IsLinear => !b.Moves;

    private static double At(Frame frame, Node input, Node reader, int i) =>
        Frame.IsShared(input, reader) ? frame.Shared(input) : frame.Values(input, reader)[i];

    public override void Forward(Frame frame)
    {
        var r = frame.Values(this);
        for (var i = 0; i < r.Length; i++)
        {
            var above = At(frame, a, this, i);
            var below = At(frame, b, this, i);
            r[i] = above == 0 ? 0 : above / below;
        }
    }

    public override void Backward(Frame frame)
    {
        var slopes = frame.Slopes(this);
        for (var i = 0; i < slopes.Length; i++)
        {
            if (slopes[i] == 0)
                continue;
            var above = At(frame, a, this, i);
            var below = At(frame, b, this, i);
            if (a.Moves)
                Add(frame, a, i, slopes[i] / below);
            if (b.Moves)
                Add(frame, b, i, -slopes[i] * above / below / below);
        }
    }

    private void Add(Frame frame, Node input, int i, double slope)
    {
        if (Frame.IsShared(input, this))
            frame.AddShared(input, slope);
        else
            frame.Slopes(input, this)[i] += slope;
    }
}

/// <summary>A coarse number, repeated for everything that is finer.</summary>
internal sealed class RepeatNode(Level level, Node input) : Node(level, input)
{
    public override bool IsLinear => true;

    public override void Forward(Frame frame) => frame.Values(this).Fill(frame.Shared(input));

    public override void Backward(Frame frame) => frame.AddShared(input, DoubleKernels.Sum(frame.Slopes(this)));
}
