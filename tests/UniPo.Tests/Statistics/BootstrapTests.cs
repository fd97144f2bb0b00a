namespace UniPo.Tests;

public sealed class BootstrapTests
{
    [Fact]
    public void The_interval_is_that_of_the_normal_distribution_when_there_is_plenty_of_data()
    {
        var random = new UniPo.Numerics.SeededRandom(3);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => 2 + 0.5 * random.NextGaussian())];
        var (interval, estimate) = (Bootstrap.OfMean(values), Estimate.Of(values));
        Assert.Equal(estimate.Mean - 1.96 * estimate.StandardError, interval.Low, 2e-3);
        Assert.Equal(estimate.Mean + 1.96 * estimate.StandardError, interval.High, 2e-3);
    }

    [Fact]
    public void It_holds_the_mean_and_the_same_seed_gives_the_same_interval()
    {
        double[] values = [0.1, 0.4, 0.2, 0.9, 0.3];
        var interval = Bootstrap.OfMean(values);
        Assert.InRange(values.Average(), interval.Low, interval.High);
        Assert.InRange(interval.Low, 0.1, 0.38);
        Assert.InRange(interval.High, 0.38, 0.9);
        Assert.Equal(interval, Bootstrap.OfMean(values));
        Assert.Equal(new MeanInterval(3, 3), Bootstrap.OfMean([3]));
    }

    [Fact]
    public void Wrong_input_is_named()
    {
        Assert.Contains(
            "at least one repetition",
            Assert.Throws<ArgumentException>(() => Bootstrap.OfMean([])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "was NaN",
            Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.OfMean([1, double.NaN])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "lie in (0, 1), but was 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.OfMean([1], confidence: 1)).Message,
            StringComparison.Ordinal
        );
    }
}
