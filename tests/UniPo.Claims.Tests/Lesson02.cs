namespace UniPo.Claims.Tests;

/// <summary>REINFORCE and its baseline.</summary>
public sealed class Lesson02(ClaimPage page) : IClassFixture<ClaimPage>
{
    private static readonly PolicyObjective Baseline = Algorithms.Reinforce with
    {
        Name = "leave-one-out",
        Advantage = new LeaveOneOut(),
    };

    [Claim("02", "a baseline leaves the mean gradient where it is")]
    public void A_constant_in_the_reward_does_not_move_the_mean_gradient()
    {
        var (policy, prompt) = (Runs.Base("addition"), Tasks.Addition().HeldOutPrompts[0]);
        var plain = ExactValue.Of(policy, Tasks.Addition(), [prompt]);
        var offset = ExactValue.Of(policy, Tasks.Addition(rewardOffset: 5), [prompt]);
        double Length(IEnumerable<double> g) => Math.Sqrt(g.Sum(x => x * x));
        var change =
            Length(plain.Gradient.Zip(offset.Gradient, (a, b) => (double)a - b)) / Length(plain.Gradient.Select(x => (double)x));
        page.Found(
            this,
            Verdict.Exact,
            $"all {plain.Responses:N0} responses to {prompt.Text}, reward 0/1 and 5/6: the gradient changes by {change:0.0e+0} of its length (rounding of floats)"
        );
        Assert.InRange(change, 0, 1e-3);
    }

    [Claim("02", "… and shrinks its variance, when rewards have an offset")]
    public void With_an_offset_the_baseline_saves_the_gradient()
    {
        var (none, with) = (Noise(Algorithms.Reinforce, offset: 5), Noise(Baseline, offset: 5));
        double[] learned = Learned(Algorithms.Reinforce, 5),
            saved = Learned(Baseline, 5);
        var difference = saved.Minus(learned);
        page.Found(
            this,
            Verdict.Holds,
            $"reward 5/6: variance {none.Variance.Mean:0} without, {with.Variance.Mean:0.0} with baseline, signal to noise {none.SignalToNoise:0.0000} and {with.SignalToNoise:0.000}; right after 150 steps {learned.Average():0.000} and {saved.Average():0.000}, difference {difference}"
        );
        Assert.True(none.Variance.Low > 10 * with.Variance.High, $"{none.Variance} {with.Variance}");
        Assert.True(difference.Low > 0.1, $"{difference}");
    }

    [Claim("02", "… with rewards of 0 and 1, too")]
    public void With_rewards_of_0_and_1_no_baseline_is_needed()
    {
        var trained = Runs.Base("addition").Clone();
        new Trainer(
            trained,
            Tasks.Addition(),
            Algorithms.Reinforce,
            new()
            {
                Seed = 1,
                TokensEvery = 0,
                MeasureHeldOut = false,
            }
        ).Train(150);
        double Ratio(TinyTransformer policy) =>
            Noise(Baseline, 0, policy).Variance.Mean / Noise(Algorithms.Reinforce, 0, policy).Variance.Mean;
        var (before, after) = (Ratio(Runs.Base("addition")), Ratio(trained));
        var difference = Learned(Baseline, 0).Minus(Learned(Algorithms.Reinforce, 0));
        page.Found(
            this,
            Verdict.DoesNotHold,
            $"variance with baseline over without: {before:0.00} at the base, {after:0.00} after training, where wrong answers are rare and have large gradients; right after 150 steps: with minus without {difference}"
        );
        Assert.InRange(before, 0.75, 1.5);
        Assert.True(after > 1, $"{after}");
        Assert.True(difference.High < 0.005, $"{difference}");
    }

    [Claim("02", "colouring a token by the value of the objective misleads: the sign is the opposite of the push")]
    public void The_objectives_sign_is_the_opposite_of_the_push()
    {
        var report = Algorithms.Reinforce.Evaluate(Sampler.Sample(Runs.Base("addition"), Tasks.Addition(), seed: 1));
        var (value, push) = (report.TokenObjective!.Values.ToArray(), report.Weight.Values.ToArray());
        var pushed = Enumerable.Range(0, push.Length).Where(i => push[i] != 0).ToList();
        page.Found(
            this,
            Verdict.Exact,
            $"of {pushed.Count} tokens that are pushed up, {pushed.Count(i => value[i] < 0)} have a negative objective (reward × log-probability), none a positive one"
        );
        Assert.All(pushed, i => Assert.True(push[i] > 0 && value[i] <= 0));
    }

    private static GradientNoise Noise(Objective objective, double offset, TinyTransformer? policy = null) =>
        GradientNoise.Measure(
            policy ?? Runs.Base("addition"),
            Tasks.Addition(rewardOffset: offset),
            objective,
            batches: 120,
            seed: 1
        );

    private static double[] Learned(Objective objective, double offset) =>
        Runs.Train("addition", Tasks.Addition(rewardOffset: offset), objective, 150).After();
}
