namespace UniPo.Tests;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Without_warm_up_and_decay_the_rate_is_constant() =>
        Assert.All(Enumerable.Range(0, 20), step => Assert.Equal(3e-4, new LearningRateSchedule { Peak = 3e-4 }.At(step, 20)));

    [Fact]
    public void A_cosine_ends_at_the_floor_and_passes_the_middle_half_way()
    {
        var schedule = new LearningRateSchedule
        {
            Peak = 1,
            WarmupSteps = 10,
            Decay = Decay.Cosine,
            Floor = 0.1,
        };
        Assert.Equal(0.1, schedule.At(0, 110), 12);
        Assert.Equal(1, schedule.At(10, 110), 12);
        Assert.Equal(0.55, schedule.At(60, 110), 12);
        Assert.Equal(0.1, schedule.At(110, 110), 12);
        Assert.Equal(0.1, schedule.At(500, 110), 12);
    }

    [Fact]
    public void A_linear_decay_falls_by_the_same_amount_each_step()
    {
        var schedule = new LearningRateSchedule { Peak = 1, Decay = Decay.Linear };
        Assert.Equal([1, 0.75, 0.5, 0.25, 0], Enumerable.Range(0, 5).Select(s => schedule.At(s, 4)));
    }
}
