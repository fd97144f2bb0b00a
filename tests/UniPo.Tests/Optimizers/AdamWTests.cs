using UniPo.Tests.Policies;

namespace UniPo.Tests.Optimizers;

public class AdamWTests
{
    private static ParameterSet Parameters(int count)
    {
        var parameters = new ParameterSet([("a", [count])]);
        PolicyCases.Numbers(count, 5).Select(v => (float)v).ToArray().CopyTo(parameters.Values, 0);
        return parameters;
    }

    [Theory, InlineData(1), InlineData(16), InlineData(37), InlineData(1100)]
    public void Steps_follow_the_published_formula_computed_in_double(int count)
    {
        var parameters = Parameters(count);
        var optimizer = new AdamW(count)
        {
            Beta1 = 0.8,
            Beta2 = 0.97,
            Epsilon = 1e-6,
            WeightDecay = 0.1,
        };
        var theta = parameters.Values.Select(v => (double)v).ToArray();
        double[] m = new double[count],
            v = new double[count];
        for (var step = 1; step <= 20; step++)
        {
            var gradient = PolicyCases.Numbers(count, (ulong)(100 + step)).Select(g => (float)g).ToArray();
            gradient.CopyTo(parameters.Gradient, 0);
            var norm = Math.Sqrt(gradient.Sum(g => (double)g * g));
            var scale = Math.Min(1, 0.5 / norm);
            var rate = 0.01 * step;

            Assert.Equal(norm, optimizer.Step(parameters, rate, maxNorm: 0.5), norm * 1e-6);

            for (var i = 0; i < count; i++)
            {
                var g = gradient[i] * scale;
                m[i] = (0.8 * m[i]) + (0.2 * g);
                v[i] = (0.97 * v[i]) + (0.03 * g * g);
                theta[i] -= rate * 0.1 * theta[i];
                theta[i] += rate * (m[i] / (1 - Math.Pow(0.8, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.97, step))) + 1e-6);
                Assert.Equal(theta[i], parameters.Values[i], 2e-5);
                Assert.Equal(m[i], optimizer.Mean[i], 1e-6);
                Assert.Equal(v[i], optimizer.Square[i], 1e-6);
            }
            Assert.All(parameters.Gradient, g => Assert.Equal(0, g));
        }
        Assert.Equal(20, optimizer.Steps);
    }

    [Fact]
    public void A_step_goes_uphill()
    {
        var parameters = new ParameterSet([("a", [2])]);
        var optimizer = new AdamW(2) { WeightDecay = 0 };
        (parameters.Gradient[0], parameters.Gradient[1]) = (3, -0.01f);
        optimizer.Step(parameters, 0.1);
        Assert.Equal(0.1, parameters.Values[0], 1e-5);
        Assert.Equal(-0.1, parameters.Values[1], 1e-5);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_changes_nothing()
    {
        var parameters = Parameters(20);
        var before = parameters.Values.ToArray();
        var optimizer = new AdamW(20);
        parameters.Gradient[7] = float.NaN;
        Assert.True(double.IsNaN(optimizer.Step(parameters, 0.1, 1)));
        Assert.Equal(before, parameters.Values);
        Assert.Equal(0, optimizer.Steps);
        Assert.All(optimizer.Mean.ToArray(), m => Assert.Equal(0, m));
    }

    [Fact]
    public void Restored_moments_go_on_with_the_same_bits()
    {
        ParameterSet one = Parameters(50),
            two = Parameters(50);
        AdamW whole = new(50),
            first = new(50),
            second = new(50);
        for (var step = 0; step < 6; step++)
        {
            var gradient = PolicyCases.Numbers(50, (ulong)step).Select(g => (float)g).ToArray();
            gradient.CopyTo(one.Gradient, 0);
            gradient.CopyTo(two.Gradient, 0);
            if (step == 3)
                second.Restore(first.Steps, first.Mean, first.Square);
            whole.Step(one, 0.01, 1);
            (step < 3 ? first : second).Step(two, 0.01, 1);
        }
        Assert.Equal(one.Values, two.Values);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_with_their_value()
    {
        Assert.Contains(
            "Beta1 must lie in [0, 1), but was 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(1) { Beta1 = 1 }).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "but was NaN",
            Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(1).Step(Parameters(1), double.NaN)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "but was 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(1).Step(Parameters(1), 1, 0)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "1 parameters, but 2",
            Assert.Throws<ArgumentException>(() => new AdamW(1).Step(Parameters(2), 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "at least 0, but one was -1",
            Assert.Throws<ArgumentException>(() => new AdamW(1).Restore(1, [0], [-1])).Message,
            StringComparison.Ordinal
        );
    }
}
