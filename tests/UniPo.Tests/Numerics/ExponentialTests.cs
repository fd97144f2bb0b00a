using UniPo.Numerics;

namespace UniPo.Tests.Numerics;

public sealed class ExponentialTests
{
    [Fact]
    public void It_is_within_two_units_in_the_last_place()
    {
        var random = new SeededRandom(1);
        for (var i = 0; i < 50_000; i++)
        {
            var x = (random.NextDouble() - 0.5) * (i % 2 == 0 ? 2 : 1400);
            var expected = Math.Exp(x);
            Assert.True(Math.Abs(Exponential.Of(x) - expected) <= 2 * (Math.BitIncrement(expected) - expected), $"exp({x:R})");
        }
    }

    [Theory]
    [InlineData(0, 1), InlineData(-0.0, 1), InlineData(double.NegativeInfinity, 0), InlineData(-800, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity), InlineData(710, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN), InlineData(1e-300, 1)]
    public void Special_values_are_exact(double x, double expected)
    {
        Assert.Equal(expected, Exponential.Of(x));
        double[] many = [x, x, x, x, x];
        Exponential.Apply(many);
        Assert.All(many, value => Assert.Equal(expected, value));
    }

    [Fact]
    public void A_number_has_the_same_bits_alone_in_a_vector_and_at_the_end()
    {
        var random = new SeededRandom(2);
        for (var length = 1; length < 40; length++)
        {
            double[] numbers = [.. Enumerable.Range(0, length).Select(i => random.NextGaussian() * (i % 3 == 0 ? 300 : 1))];
            var all = numbers.ToArray();
            Exponential.Apply(all);
            Assert.Equal(
                numbers.Select(x => BitConverter.DoubleToInt64Bits(Exponential.Of(x))),
                all.Select(BitConverter.DoubleToInt64Bits)
            );
        }
    }

    [Theory]
    [InlineData(1, 0x4005BF0A8B14576A), InlineData(-0.2, 0x3FEA330AD6166159), InlineData(0.1, 0x3FF1AEC7B35A00D4)]
    public void Bits_are_the_ones_written_here_on_every_machine_and_runtime(double x, long bits) =>
        Assert.Equal(bits, BitConverter.DoubleToInt64Bits(Exponential.Of(x)));
}
