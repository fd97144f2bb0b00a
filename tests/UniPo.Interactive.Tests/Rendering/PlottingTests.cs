namespace UniPo.Interactive.Tests.Rendering;

/// <summary>Axes, gaps and long curves.</summary>
public sealed class PlottingTests
{
    [Theory]
    [
        InlineData(0.3, 0.84, 0, 1),
        InlineData(-0.011, 0.0068, -0.015, 0.01),
        InlineData(5.1, 6.2, 5, 6.5),
        InlineData(0, 0, 0, 1),
        InlineData(2, 2, 1, 3)
    ]
    public void Axis_ends_at_round_numbers_and_holds_all_values(double low, double high, double expectedLow, double expectedHigh)
    {
        var axis = Axis.Round(low, high, 100, 0, 4);
        Assert.Equal((expectedLow, expectedHigh), (Math.Round(axis.Low, 9), Math.Round(axis.High, 9)));
        Assert.Equal(0, axis.At(axis.High), 9);
        Assert.Equal(100, axis.At(axis.Low), 9);
    }

    [Fact]
    public void Zero_is_a_tick_exactly_when_the_axis_crosses_it() =>
        Assert.Contains(0.0, Axis.Round(-0.013, 0.007, 0, 1, 4).Ticks);

    [Fact]
    public void Downsampling_keeps_every_spike_of_a_long_curve()
    {
        var values = Enumerable.Range(0, 100_000).Select(i => Math.Sin(i * 0.001)).ToArray();
        (values[31_415], values[92_653]) = (50, -50);
        var kept = Downsampling.Keep(values, 360);
        Assert.Contains(31_415, kept);
        Assert.Contains(92_653, kept);
        Assert.InRange(kept.Count, 90, 460);
        Assert.Equal(kept.Order(), kept);
    }

    [Fact]
    public void Gap_stays_a_gap() =>
        Assert.Equal("M0 1l1 1M3 4l1 1", LinePlot.Line([0, 1, 2, 3, 4], [1, 2, double.NaN, 4, 5], 100));

    [Fact]
    public void Line_goes_on_across_places_where_nobody_measured()
    {
        const double none = LinePlot.Unmeasured;
        Assert.Equal("M0 1l3 3 1 1", LinePlot.Line([0, 1, 2, 3, 4], [1, none, none, 4, 5], 100));
        Assert.Equal("M0 1l0 0M3 4l1 1", LinePlot.Line([0, 1, 2, 3, 4], [1, none, double.NaN, 4, 5], 100));
        Assert.Equal("M0 2l4 0 0-1-4 0z", LinePlot.Band([0, 1, 4], [1, none, 1], [2, none, 2], 100));
        Assert.Equal([1, none, 1.5], LinePlot.Smooth([1, none, 2], 5));
    }

    [Fact]
    public void Gap_in_a_long_curve_survives_downsampling()
    {
        var values = new double[10_000];
        values[5_000] = double.NaN;
        Assert.Equal(2, LinePlot.Line([.. Enumerable.Range(0, 10_000).Select(i => (double)i)], values, 100).Count(c => c == 'M'));
    }

    [Fact]
    public void Rounding_of_a_long_line_does_not_add_up()
    {
        var path = LinePlot.Line([.. Enumerable.Range(0, 1000).Select(i => i * 0.34)], new double[1000], 2000);
        var steps = path[(path.IndexOf('l') + 1)..]
            .Split(' ')
            .Where((_, i) => i % 2 == 0)
            .Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(999 * 0.34, steps.Sum(), 0.1);
    }

    [Fact]
    public void Single_point_is_drawn() => Assert.Equal("M1 2l0 0", LinePlot.Line([1], [2], 100));

    [Fact]
    public void Smoothing_is_the_mean_of_the_last_steps_and_keeps_gaps() =>
        Assert.Equal([1, 1.5, double.NaN, 3, 4.5], LinePlot.Smooth([1, 2, double.NaN, 4, 5], 2));
}
