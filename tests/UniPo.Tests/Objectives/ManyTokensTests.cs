using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>Parts that handle several tokens at once give what they give for one.</summary>
public class ManyTokensTests
{
    private static double[] Numbers(ulong seed, int count, double scale = 1)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => scale * random.NextGaussian())];
    }

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-12 * (1 + Math.Abs(expected)));

    public static TheoryData<TrustRegion> Regions =>
        [
            Clip.None,
            Clip.Symmetric(0.2),
            new Clip(0.1, 0.3),
            new CispoClip(),
            new CispoClip { Lowest = 0.8, Highest = 1.2 },
            new SapoGate(),
            new SapoGate { TauPositive = 30, TauNegative = 0.2 },
            new KlCov(),
            new ClipCov { Low = 0.1, High = 0.3 },
            new DualClip(0.2, 0.2, 1.5),
            new CappedClip(0.2, 0.2, 1.1),
        ];

    [Theory]
    [MemberData(nameof(Regions))]
    public void A_trust_region_says_the_same_of_many_tokens_as_of_each(TrustRegion region)
    {
        const int count = 37; // several vectors of any width, and some tokens over
        double[] now = [.. Numbers(1, count).Select(x => -Math.Abs(x))],
            old = [.. now.Zip(Numbers(2, count, 0.4), (n, d) => n - d)];
        double[] ratio = [.. now.Zip(old, (n, o) => Math.Exp(n - o))],
            advantage = Numbers(3, count);
        (advantage[5], ratio[6], ratio[7], ratio[8]) = (0, 1, Math.Exp(600), 0);
        var (values, slopes, sides) = (new double[count], new double[count], new ClipSide[count]);
        region.Apply(
            new TokenSpans
            {
                Ratio = ratio,
                Advantage = advantage,
                LogProb = now,
                OldLogProb = old,
            },
            values,
            slopes,
            sides
        );
        for (var i = 0; i < count; i++)
        {
            var term = region.At(new TokenState(ratio[i], advantage[i], now[i], old[i]));
            Near(term.Value, values[i]);
            Near(term.Slope, slopes[i]);
            Assert.Equal(term.Side, sides[i]);
        }
    }

    [Theory]
    [InlineData(0.2, 0.3)]
    [InlineData(0, 0)]
    public void Gmpo_bounds_many_log_ratios_as_it_bounds_each(double low, double high)
    {
        var (log, advantage) = (Numbers(4, 37, 0.5), Numbers(5, 37));
        advantage[3] = 0;
        var (held, sides) = (log.ToArray(), new ClipSide[log.Length]);
        new GmpoClip(low, high).BoundLogRatios(log.Length, held, advantage, sides);
        for (var i = 0; i < log.Length; i++)
        {
            var expected =
                advantage[i] > 0 ? Math.Min(log[i], high)
                : advantage[i] < 0 ? Math.Max(log[i], -low)
                : log[i];
            Assert.Equal(expected, held[i]);
            Assert.Equal(
                expected < log[i] ? ClipSide.High
                    : expected > log[i] ? ClipSide.Low
                    : ClipSide.None,
                sides[i]
            );
        }
    }

    public static TheoryData<KlEstimator> Estimators =>
        [
            KlEstimator.K1,
            KlEstimator.K2,
            KlEstimator.K3,
            KlEstimator.Absolute,
            new K1Estimator { ValueClamp = 0.5 },
            new K3Estimator { LogRatioClamp = 0.5 },
            new K3Estimator { GradientOfK2 = true },
        ];

    [Theory]
    [MemberData(nameof(Estimators))]
    public void A_kl_estimator_says_the_same_of_many_tokens_as_of_each(KlEstimator estimator)
    {
        var u = Numbers(6, 300);
        var (k, slopes, valuesAlone) = (u.ToArray(), new double[u.Length], u.ToArray());
        estimator.Estimate(k, slopes);
        estimator.Estimate(valuesAlone);
        for (var i = 0; i < u.Length; i++)
        {
            var (value, slope) = estimator.At(u[i]);
            Near(value, k[i]);
            Near(value, valuesAlone[i]);
            Near(slope, slopes[i]);
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(null)]
    public void A_value_loss_says_the_same_of_many_tokens_as_of_each(double? range)
    {
        var loss = new ValueLoss { ClipRange = range, Coefficient = 0.7 };
        var (value, old, target) = (Numbers(7, 37), Numbers(8, 37), Numbers(9, 37));
        double[] factors = [.. Enumerable.Range(0, 37).Select(i => i % 5 == 0 ? 0 : 0.1 * i)],
            weights = factors.ToArray();
        value[10] = double.NaN; // garbage where the factor is 0: a masked token
        var (lost, held) = loss.Apply(value, old, target, weights);
        var (expected, clips) = (0.0, 0);
        for (var i = 0; i < 37; i++)
        {
            if (factors[i] == 0)
                Assert.Equal(0, weights[i]);
            if (factors[i] == 0)
                continue;
            var (one, slope, clipped) = loss.At(value[i], old[i], target[i]);
            (expected, clips) = (expected + 0.7 * factors[i] * one, clips + (clipped ? 1 : 0));
            Near(-0.7 * factors[i] * slope, weights[i]);
        }
        Near(expected, lost);
        Assert.Equal(clips, held);
    }

    [Fact]
    public void The_tokens_of_highest_covariance_are_the_first_of_the_sorted_ones()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var batch = RandomBatch.Of(seed);
            var advantages = new GroupMean().Estimate(batch).Advantages.Values.ToArray();
            var covariance = new double[advantages.Length];
            var of = new TokenCovariance(batch, advantages);
            for (var i = 0; i < covariance.Length; i++)
                covariance[i] = of[i];
            var sorted = Enumerable
                .Range(0, covariance.Length)
                .Where(batch.Layout.IsActive)
                .OrderByDescending(i => covariance[i])
                .ToArray();
            for (var count = 0; count <= sorted.Length; count++)
                Assert.Equal(sorted.Take(count).Order(), new TokenCovariance(batch, advantages).Highest(count).Order());
        }
    }

    [Fact]
    public void Clip_cov_drops_the_wanted_number_of_candidates_and_each_of_them_for_some_seed()
    {
        var batch = RandomBatch.Of(5, 0.1);
        var region = new ClipCov
        {
            Share = 0.2,
            LowerBound = 0,
            UpperBound = 100,
        };
        var objective = new PolicyObjective
        {
            Name = "clip-cov",
            Advantage = new GroupMean(),
            Clip = region,
        };
        var wanted = (int)(0.2 * batch.Layout.ActiveTokens);
        var candidates = (objective with { Clip = region with { Share = 1 } })
            .Evaluate(batch)
            .Clipped!.Select((s, i) => (s, i))
            .Where(c => c.s == ClipSide.Dropped)
            .Select(c => c.i)
            .ToHashSet();
        Assert.InRange(wanted, 1, candidates.Count - 1);
        var dropped = new HashSet<int>();
        for (ulong seed = 0; seed < 200; seed++)
        {
            int[] drawn =
            [
                .. (objective with { Clip = region with { Seed = seed } })
                    .Evaluate(batch)
                    .Clipped!.Select((s, i) => (s, i))
                    .Where(c => c.s == ClipSide.Dropped)
                    .Select(c => c.i),
            ];
            Assert.Equal(wanted, drawn.Length);
            dropped.UnionWith(drawn);
        }
        Assert.Equal(candidates.Order(), dropped.Order());
    }
}
