namespace UniPo.Interactive.Tests.Rendering;

/// <summary>Numbers as readers see them.</summary>
public sealed class NumbersTests
{
    [Theory]
    [
        InlineData(0.0, "0"),
        InlineData(1.0, "1"),
        InlineData(0.25, "0.25"),
        InlineData(1 / 3.0, "0.3333"),
        InlineData(-12.3456, "−12.35")
    ]
    [
        InlineData(1234.56, "1235"),
        InlineData(150000.0, "150000"),
        InlineData(1234567.8, "1.235×10⁶"),
        InlineData(0.00003125, "3.125×10⁻⁵")
    ]
    [
        InlineData(0.001, "0.001"),
        InlineData(9.99999, "10"),
        InlineData(double.Epsilon, "4.941×10⁻³²⁴"),
        InlineData(-1e308, "−1×10³⁰⁸")
    ]
    [InlineData(double.NaN, "—"), InlineData(double.PositiveInfinity, "∞"), InlineData(double.NegativeInfinity, "−∞")]
    public void Short_numbers_have_four_significant_digits(double value, string expected) =>
        Assert.Equal(expected, Numbers.Short(value));

    [Theory]
    [
        InlineData(0.84052, 0.0031, "0.8405"),
        InlineData(0.72, 0.0497, "0.720"),
        InlineData(-0.01026, 0.0027, "−0.0103"),
        InlineData(-0.00001, 0.02, "0.000"),
        InlineData(1234.56, 250.0, "1235")
    ]
    [
        InlineData(0.25, 0.0, "0.25"),
        InlineData(0.25, 1e-20, "0.25"),
        InlineData(0.25, double.NaN, "0.25"),
        InlineData(double.NaN, 0.1, "—"),
        InlineData(0.25, double.PositiveInfinity, "0.25")
    ]
    public void Means_have_two_digits_of_their_error(double value, double error, string expected) =>
        Assert.Equal(expected, Numbers.Rounded(value, error));

    [Fact]
    public void Culture_of_the_machine_does_not_matter()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        var comma = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        var expected = (Sample.Grpo(Sample.Sums()).Tokens().ToHtml(), Sample.Run().Curves().ToHtml());
        try
        {
            Thread.CurrentThread.CurrentCulture = comma;
            Assert.Equal(expected, (Sample.Grpo(Sample.Sums()).Tokens().ToHtml(), Sample.Run().Curves().ToHtml()));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Theory]
    [
        InlineData(0.03125, "×10⁻³", 0.03125, "+31.25"),
        InlineData(0.5, "", -0.25, "−0.25"),
        InlineData(2e-7, "×10⁻⁹", 1e-7, "+100"),
        InlineData(31000, "×10³", 31000, "+31")
    ]
    [InlineData(0.5, "", 0.0, "0"), InlineData(0.5, "", 1e-9, "+0"), InlineData(0.5, "", -1e-9, "−0")]
    public void Picture_shares_one_power_of_ten(double largest, string unit, double value, string label)
    {
        var scale = NumberScale.For(largest);
        Assert.Equal((unit, label), (scale.Unit, scale.Signed(value)));
    }
}
