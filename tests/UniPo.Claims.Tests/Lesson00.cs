namespace UniPo.Claims.Tests;

/// <summary>What reinforcement learning adds to a base model, and what training reward says about it.</summary>
public sealed class Lesson00(ClaimPage page) : IClassFixture<ClaimPage>
{
    [Claim("00", "GRPO selects a skill that the base model already has")]
    public void A_systematic_error_is_unlearned()
    {
        var (gain, reversed) = (SharedRuns.Plain.Gains().Estimate(), SharedRuns.Reversed.Gains().Estimate());
        page.Found(
            this,
            Verdict.Holds,
            $"gain of a base that forgets every carry in 70 % of its sums: {gain}; of one that reverses the digits in 65 %: {reversed}"
        );
        Assert.True(gain.Low > 0.25 && reversed.Low > 0.25, $"{gain} {reversed}");
    }

    [Claim("00", "… and does not teach arithmetic in 150 steps")]
    public void An_undertrained_base_stays_what_it_is()
    {
        var recipe = BaseModel.Named("addition");
        var undertrained = (recipe with { Pretraining = recipe.Pretraining with { Steps = 350 }, ErrorShare = 0 }).Make();
        var runs = Runs.Train(undertrained, Tasks.Addition(), SharedRuns.PlainGrpo, 150);
        var gain = runs.Gains().Estimate();
        page.Found(
            this,
            Verdict.Holds,
            $"gain of a base that was taught right sums only, but for 350 instead of 1,200 steps (right {runs[0].Before!.ExactProbability:0.000}): {gain}"
        );
        Assert.True(gain.IsWithin(0.1), $"{runs[0].Before} {gain}");
    }

    [Claim("00, 12", "training reward is not generalisation")]
    public void A_small_pool_is_learned_by_heart()
    {
        var (pool, all) = (Runs.Train("addition", Tasks.Addition(pool: 10), SharedRuns.PlainGrpo, 150), SharedRuns.Plain);
        Estimate gap = pool.Last("reward").Minus(pool.After()),
            none = all.Last("reward").Minus(all.After());
        page.Found(
            this,
            Verdict.Holds,
            $"ten training sums: reward {pool.Last("reward").Average():0.000}, right on held-out sums {pool.After().Estimate()} (base {pool[0].Before!.ExactProbability:0.000}), gap {gap}; all 6,480 sums: gap {none}"
        );
        Assert.True(gap.Low > 0.2, $"{gap}");
        Assert.True(none.IsWithin(0.06), $"{none}");
    }
}
