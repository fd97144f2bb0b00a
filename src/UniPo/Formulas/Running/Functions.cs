using UniPo.Numerics;

namespace UniPo.Formulas;

/// <summary>A function of one number, applied to every number of a column.</summary>
internal sealed class FunctionOf(Level level, Node x, Function function) : Node(level, x)
{
    public override void Forward(Frame frame)
    {
        var input = frame.Values(x, this);
        var r = frame.Values(this);
        switch (function)
        {
            case Function.Exp:
                RowKernels.Clamp(input, -Elementwise.Limit, Elementwise.Limit, r);
                Exponential.Apply(r);
                break;
            case Function.Sigmoid:
                RowKernels.Scale(-1, input, r);
                Exponential.Apply(r);
                for (var i = 0; i < r.Length; i++)
                    r[i] = 1 / (1 + r[i]);
                break;
            default:
                for (var i = 0; i < r.Length; i++)
                    r[i] = Elementwise.Value(function, input[i]);
                break;
        }
    }

    public override void Backward(Frame frame)
    {
        ReadOnlySpan<double> input = frame.Values(x, this),
            r = frame.Values(this),
            slopes = frame.Slopes(this);
        var sum = frame.Slopes(x, this);
        if (function == Function.Exp && RowKernels.AllWithin(input, -Elementwise.Limit, Elementwise.Limit))
            RowKernels.AddProduct(slopes, r, sum);
        else
            for (var i = 0; i < sum.Length; i++)
                if (slopes[i] != 0)
                    sum[i] += slopes[i] * Elementwise.Slope(function, input[i], r[i]);
    }
}

/// <summary>x to a power that is one number for the whole batch.</summary>
internal sealed class PowerNode(Level level, Node x, Node exponent) : Node(level, x, exponent)
{
    public override bool Moves { get; } = x.Moves;

    public override void Forward(Frame frame)
    {
        var input = frame.Values(x, this);
        var r = frame.Values(this);
        var power = frame.Shared(exponent);
        if (power == 2)
            RowKernels.Multiply(input, input, r);
        else
            for (var i = 0; i < r.Length; i++)
                r[i] = Elementwise.Power(input[i], power);
    }

    public override void Backward(Frame frame)
    {
        var input = frame.Values(x, this);
        var slopes = frame.Slopes(this);
        var sum = frame.Slopes(x, this);
        var power = frame.Shared(exponent);
        for (var i = 0; i < sum.Length; i++)
            if (slopes[i] != 0 && power != 0)
                sum[i] += slopes[i] * power * Elementwise.Power(input[i], power - 1);
    }
}

/// <summary>One number for the whole batch (γ) to a power that differs from token to token.</summary>
internal sealed class DiscountNode(Level level, Node x, Node exponent) : Node(level, x, exponent)
{
    public override bool Moves => false;

    public override void Forward(Frame frame)
    {
        var powers = frame.Values(exponent, this);
        var r = frame.Values(this);
        var factor = frame.Shared(x);
        for (var i = 0; i < r.Length; i++)
            r[i] = Elementwise.Power(factor, powers[i]);
    }

    public override void Backward(Frame frame) { }
}

/// <summary>The value of x as a constant: nothing flows back.</summary>
internal sealed class StopNode(Node x) : Node(x.Level, x)
{
    public override bool Moves => false;

    public override void Forward(Frame frame) => frame.Values(x, this).CopyTo(frame.Values(this));

    public override void Backward(Frame frame) { }
}

/// <summary>Functions of one number, and their derivatives.</summary>
internal static class Elementwise
{
    /// <summary>
    /// e^600 is still a finite double, and so are sums of it: beyond ±600 an exponential is constant and has no slope.
    /// </summary>
    public const double Limit = 600;

    public static double Value(Function function, double x) =>
        function switch
        {
            Function.Exp => Math.Exp(Math.Clamp(x, -Limit, Limit)),
            Function.Log => Math.Log(x),
            Function.Abs => Math.Abs(x),
            Function.Sqrt => Math.Sqrt(x),
            Function.Sigmoid => Sigmoid(x),
            Function.LogSigmoid => Math.Min(x, 0) - Log1P(Math.Exp(-Math.Abs(x))),
            _ => throw new ArgumentException($"{function} is no function of one number."),
        };

    /// <summary>The derivative, given the value.</summary>
    public static double Slope(Function function, double x, double value) =>
        function switch
        {
            Function.Exp => Math.Abs(x) > Limit ? 0 : value,
            Function.Log => 1 / x,
            Function.Abs => Math.Sign(x),
            Function.Sqrt => 0.5 / value,
            Function.Sigmoid => value * Sigmoid(-x),
            Function.LogSigmoid => Sigmoid(-x),
            _ => throw new ArgumentException($"{function} is no function of one number."),
        };

    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    /// <summary>log(1 + x) without losing a small x (Kahan): a margin of 400 costs 1.9e-174, not 0.</summary>
    public static double Log1P(double x)
    {
        var one = 1 + x;
        return one == 1 ? x : Math.Log(one) * x / (one - 1);
    }

    /// <summary>x to a power; whole ones by multiplying, which gives the same bits everywhere.</summary>
    public static double Power(double x, double power)
    {
        if (power != Math.Floor(power) || Math.Abs(power) > 1 << 20)
            return Math.Pow(x, power);
        var result = 1.0;
        var square = x;
        for (var n = (int)Math.Abs(power); n > 0; n >>= 1, square *= square)
            if ((n & 1) == 1)
                result *= square;
        return power < 0 ? 1 / result : result;
    }
}
