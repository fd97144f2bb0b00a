namespace UniPo.Interactive;

/// <summary>A linear axis: a range of numbers, round ticks, and where each number lies on the drawing.</summary>
internal sealed class Axis
{
    private readonly double _from,
        _to;

    private Axis(double low, double high, double step, double from, double to)
    {
        (Low, High, _from, _to) = (low, high, from, to);
        Scale = NumberScale.For(Math.Max(Math.Abs(low), Math.Abs(high)));
        // Ticks are whole multiples of the step, so that the zero line is exact.
        for (var k = Math.Ceiling(low / step - 1e-9); k * step <= high + step * 1e-9; k++)
            Ticks.Add(k == 0 ? 0 : k * step);
    }

    /// <summary>Smallest number shown.</summary>
    public double Low { get; }

    /// <summary>Largest number shown.</summary>
    public double High { get; }

    /// <summary>Round numbers inside the range.</summary>
    public List<double> Ticks { get; } = [];

    /// <summary>Common power of ten of the labels.</summary>
    public NumberScale Scale { get; }

    /// <summary>Where a number lies, in drawing units.</summary>
    public double At(double value) => _from + (value - Low) / (High - Low) * (_to - _from);

    /// <summary>An axis whose ends are round numbers; it reaches down to zero when the numbers come near it.</summary>
    /// <param name="low">Smallest number.</param>
    /// <param name="high">Largest number.</param>
    /// <param name="from">Drawing coordinate of the low end.</param>
    /// <param name="to">Drawing coordinate of the high end.</param>
    /// <param name="ticks">About how many ticks.</param>
    /// <param name="fromZero">True to start at zero when the numbers come near it.</param>
    /// <param name="within">What the numbers can be at all: the axis does not reach beyond; null for any.</param>
    /// <param name="whole">True for counts, whose ticks are whole.</param>
    public static Axis Round(
        double low,
        double high,
        double from,
        double to,
        int ticks,
        bool fromZero = true,
        (double Low, double High)? within = null,
        bool whole = false
    )
    {
        if (fromZero && low > 0 && low <= 0.4 * high)
            low = 0;
        if (fromZero && high < 0 && high >= 0.4 * low)
            high = 0;
        if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
            (low, high) = Widen(low);
        if (within is { } bounds)
            (low, high) = Inside(low, high, bounds);
        var step = NiceStep((high - low) / ticks);
        if (whole)
            step = Math.Max(1, step);
        var (first, last) = (Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step);
        return within is { } can
            ? new Axis(Math.Max(first, can.Low), Math.Min(last, can.High), step, from, to)
            : new Axis(first, last, step, from, to);
    }

    // A constant at a bound has been widened beyond it; then the picture is as wide on its other side.
    private static (double, double) Inside(double low, double high, (double Low, double High) bounds)
    {
        (low, high) = (Math.Clamp(low, bounds.Low, bounds.High), Math.Clamp(high, bounds.Low, bounds.High));
        return low < high ? (low, high) : (bounds.Low, Math.Min(bounds.High, bounds.Low + 1));
    }

    /// <summary>An axis from exactly one number to another, with round ticks inside; for counts they are whole.</summary>
    public static Axis Between(double low, double high, double from, double to, int ticks, bool whole = false) =>
        new(low, high, Math.Max(whole ? 1 : 0, NiceStep((high - low) / ticks)), from, to);

    /// <summary>An axis of steps: its ends are the first and last step, its ticks are whole.</summary>
    public static Axis Steps(int first, int last, double from, double to, int ticks)
    {
        if (first == last)
            return new Axis(first - 1, first + 1, 1, from, to);
        return new Axis(first, last, Math.Max(1, NiceStep((last - first) / (double)ticks)), from, to);
    }

    // A constant sits in the middle of the picture; its own size says how wide the picture is.
    private static (double, double) Widen(double value) =>
        value == 0 ? (0, 1) : (value - Math.Abs(value) * 0.5, value + Math.Abs(value) * 0.5);

    private static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var lead = rough / power;
        return power
            * (
                lead <= 1.0000001 ? 1
                : lead <= 2.0000001 ? 2
                : lead <= 5.0000001 ? 5
                : 10
            );
    }
}
