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
            new DppoMask(),
            new DroPenalty(),
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
        advantage[5] = 0;
        (now[6], old[6]) = (-1, -1);
        var report = Evaluate(
            new()
            {
                Name = "region",
                Advantage = new RewardOnly(),
                Clip = region,
                Aggregation = Aggregation.TokenSum,
            },
            now,
            old,
            advantage
        );
        for (var i = 0; i < count; i++)
        {
            var term = region.At(Math.Exp(now[i] - old[i]), advantage[i], now[i], old[i]);
            Near(term.Value, report.TokenObjective!.Values[i]);
            Near(term.Slope, report.Weight.Values[i]);
            if (term.Slope == 0 && advantage[i] != 0)
                Assert.Equal(now[i] > old[i] ? ClipSide.High : ClipSide.Low, report.Clipped![i]);
        }
    }

    /// <summary>One response of many tokens, each with an advantage of its own.</summary>
    private static TokenReport Evaluate(
        PolicyObjective objective,
        double[] now,
        double[] old,
        double[] advantage,
        double[]? reference = null
    )
    {
        var layout = new TokenLayout([now.Length], [1]);
        var batch = new RolloutBatch
        {
            Groups = [new ResponseGroup(new Prompt("p"), [new Response { Symbols = [.. now.Select(_ => "x")] }])],
            Layout = layout,
            LogProbs = new TokenColumn(layout, now),
            OldLogProbs = new TokenColumn(layout, old),
            ReferenceLogProbs = reference is null ? null : new TokenColumn(layout, reference),
        };
        return objective.Evaluate(
            new CreditedBatch
            {
                Batch = batch,
                Totals = BatchTotals.Of(batch),
                Advantages = new TokenColumn(layout, advantage),
            }
        );
    }

    public static TheoryData<KlEstimator> Estimators =>
        [
            KlEstimator.K1,
            KlEstimator.K2,
            KlEstimator.K3,
            KlEstimator.Absolute,
            new K1Estimator { ValueClamp = 0.5 },
            new K1Estimator { LogRatioClamp = 0.2 },
            new K3Estimator { LogRatioClamp = 0.5 },
            new K3Estimator { GradientOfK2 = true },
        ];

    [Theory]
    [MemberData(nameof(Estimators))]
    public void A_kl_estimator_says_the_same_of_many_tokens_as_of_each(KlEstimator estimator)
    {
        double[] now = [.. Numbers(6, 300).Select(x => -3 - Math.Abs(x))],
            reference = [.. now.Zip(Numbers(7, 300), (n, d) => Math.Min(n - d, 0))];
        var objective = new PolicyObjective
        {
            Name = "kl",
            Advantage = new RewardOnly(),
            Aggregation = Aggregation.TokenSum,
            Kl = Kl.InLoss(0.5, estimator),
        };
        var report = Evaluate(objective, now, now, new double[300], reference);
        for (var i = 0; i < now.Length; i++)
        {
            var (value, slope) = estimator.At(now[i] - reference[i]);
            Near(value, report.Kl!.Values[i]);
            Near(-0.5 * slope, report.Weight.Values[i]);
        }
    }

    [Fact]
    public void An_estimator_held_in_bounds_has_its_bound_as_value_and_no_gradient() =>
        Assert.Equal((0.2, 0), new K1Estimator { LogRatioClamp = 0.2 }.At(1));

    [Theory]
    [InlineData(0, 0.5, 1, 0.5, -1)]
    [InlineData(0.9, 0.1, 0, 0.405, 0.9)]
    [InlineData(0.9, 0.1, 1, 0.245, 0)]
    public void The_critics_loss_is_the_larger_of_two_errors(double value, double old, double target, double loss, double slope)
    {
        var (measured, derivative) = new ValueLoss { ClipRange = 0.2 }.At(value, old, target);
        Assert.Equal((loss, slope), (Math.Round(measured, 9), Math.Round(derivative, 9)));
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
