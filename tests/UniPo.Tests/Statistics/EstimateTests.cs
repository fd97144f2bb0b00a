namespace UniPo.Tests.Statistics;

public sealed class EstimateTests
{
    [Fact]
    public void The_interval_of_five_numbers_is_Students()
    {
        var estimate = Estimate.Of([1, 2, 3, 4, 5]);
        Assert.Equal(3, estimate.Mean);
        Assert.Equal(Math.Sqrt(2.5 / 5), estimate.StandardError, 12);
        Assert.Equal(3 - 2.776445105 * estimate.StandardError, estimate.Low, 8); // the 97.5 % point of t with 4 degrees of freedom, from a table
        Assert.Equal(3 + 2.776445105 * estimate.StandardError, estimate.High, 8);
    }

    [Fact]
    public void A_shared_seed_drops_out_of_a_paired_difference()
    {
        var difference = Estimate.OfDifference([10.1, 20.2, 30.3], [10, 20, 30]);
        Assert.Equal(0.2, difference.Mean, 12);
        Assert.True(difference.StandardError < 0.06);
        Assert.True(Estimate.Of([10.1, 20.2, 30.3]).StandardError > 5);
    }

    [Fact]
    public void One_repetition_proves_nothing()
    {
        var one = Estimate.Of([7]);
        Assert.False(one.IsPositive);
        Assert.False(one.IsWithin(1e9));
        Assert.Contains("no interval", one.ToString());
    }

    [Fact]
    public void Sign_and_bound_are_judged_by_the_whole_interval()
    {
        Assert.True(Estimate.Of([1, 1.1, 0.9]).IsPositive);
        Assert.True(Estimate.Of([-1, -1.1, -0.9]).IsNegative);
        Assert.False(Estimate.Of([-1, 1, 0.1]).IsPositive);
        Assert.True(Estimate.Of([0.01, -0.01, 0]).IsWithin(0.05));
        Assert.False(Estimate.Of([0.01, -0.01, 0]).IsWithin(0.001));
    }

    [Fact]
    public void What_cannot_be_averaged_is_named()
    {
        Assert.Contains("none", Assert.Throws<ArgumentException>(() => Estimate.Of([])).Message);
        Assert.Contains("number 1 was NaN", Assert.Throws<ArgumentException>(() => Estimate.Of([1, double.NaN])).Message);
        Assert.Contains("2 and 1", Assert.Throws<ArgumentException>(() => Estimate.OfDifference([1, 2], [1])).Message);
    }

    [Fact]
    public void It_reads_with_as_many_digits_as_it_can_bear()
    {
        Assert.Equal("3 (95 %: 1.04 to 4.96, n = 5)", Estimate.Of([1, 2, 3, 4, 5]).ToString());
        Assert.Equal("650 (95 %: 523 to 777, n = 2)", Estimate.Of([640, 660]).ToString());
    }
}
