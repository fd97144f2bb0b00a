namespace UniPo.Claims.Tests;

/// <summary>PPO: several passes, the clip, the critic.</summary>
public sealed class Lesson04(ClaimPage page) : IClassFixture<ClaimPage>
{
    private static readonly PolicyObjective Clipped = SharedRuns.PlainGrpo with { Name = "clipped" };
    private static readonly PolicyObjective Free = Clipped with { Name = "not clipped", Clip = Clip.None };

    [Claim("04", "at the first update every ratio is 1 and nothing is clipped; clipping starts with the second pass")]
    public void Clipping_starts_with_the_second_pass()
    {
        var steps = Runs.Train("addition", Tasks.Addition(), Clipped, 60, SharedRuns.FourPasses, seeds: 1)[0].Steps;
        var (first, later) = (steps.Where(s => s.Pass == 0).ToList(), steps.Where(s => s.Pass > 0).ToList());
        page.Found(
            this,
            Verdict.Exact,
            $"{first.Count} rollouts: first pass ratio 1 and clipped 0 in all of them; later passes clipped {later.Average(s => s.Metric("clip_fraction")):P1} on average"
        );
        Assert.All(first, s => Assert.Equal((1, 0), (s.Metric("importance_sampling_ratio"), s.Metric("clip_fraction"))));
        Assert.True(later.Average(s => s.Metric("clip_fraction")) > 0.005);
    }

    [Claim("04", "without clipping, several passes at a high learning rate collapse")]
    public void Without_a_clip_several_passes_collapse_at_a_very_high_rate()
    {
        TrainingRun[] Train(PolicyObjective objective, double rate) =>
            Runs.Train("addition", Tasks.Addition(), objective, 200, o => o with { Passes = 4, LearningRate = rate });
        TrainingRun[] high = SharedRuns.ClippedFourPasses,
            highFree = Train(Free, 3e-4),
            wild = Train(Clipped, 1e-3),
            wildFree = Train(Free, 1e-3);
        var once = Runs.Train("addition", Tasks.Addition(), Clipped, 50, o => o with { LearningRate = 3e-4 });
        Estimate loss = highFree.After().Minus(high.After()),
            wildLoss = wildFree.After().Minus(wild.After());
        page.Found(
            this,
            Verdict.InPart,
            $"50 rollouts, 4 passes. Rate 1e-3: right {wild.After().Estimate()} with a clip, without minus with {wildLoss}: a collapse, and with the clip not much more than the base. Rate 3e-4: {high.After().Estimate()}, without minus with {loss}: none. The same 50 rollouts used once at 3e-4: {once.After().Estimate()}"
        );
        Assert.True(wildLoss.High < -0.2, $"{wildLoss}");
        Assert.True(wildFree.After().Estimate().High < 0.2, $"{wildFree.After().Estimate()}");
        Assert.True(loss.IsWithin(0.2), $"{loss}");
    }

    [Claim("04", "GAE's λ trades variance for bias")]
    public void Lambda_trades_variance_for_bias()
    {
        var rows = new[] { 0, 0.5, 0.9, 1 }.Select(lambda => (lambda, Found: SmallTree.Gae(lambda))).ToList();
        page.Found(
            this,
            Verdict.Exact,
            "tree of 3 symbols and 5 tokens, critic off by up to 0.1: "
                + string.Join(
                    "; ",
                    rows.Select(r => $"λ = {r.lambda}: bias {r.Found.Bias:0.0000}, variance {r.Found.Variance:0.000}")
                )
        );
        Assert.Equal(0, rows[^1].Found.Bias, 9);
        foreach (var (less, more) in rows.Zip(rows.Skip(1)))
        {
            Assert.True(less.Found.Bias > more.Found.Bias, $"bias at λ = {less.lambda} and {more.lambda}");
            Assert.True(less.Found.Variance < more.Found.Variance, $"variance at λ = {less.lambda} and {more.lambda}");
        }
    }
}
