namespace UniPo.Claims.Tests;

/// <summary>GRPO: groups, and estimates of the KL divergence.</summary>
public sealed class Lesson05(ClaimPage page) : IClassFixture<ClaimPage>
{
    [Claim("05", "the loss can be 0 while the gradient is not")]
    public void A_loss_of_zero_has_a_gradient()
    {
        var policy = Runs.Base("addition").Clone();
        var batch = Sampler.Sample(policy, Tasks.Addition(), prompts: 8, group: 16, seed: 1);
        var report = (Algorithms.Grpo with { Kl = Kl.None }).Evaluate(batch);
        policy.Forward(batch.Sequences!, 1).Backward(report.Weight.Values);
        var norm = Math.Sqrt(policy.Parameters.Gradient.Sum(g => (double)g * g));
        page.Found(
            this,
            Verdict.Exact,
            $"128 fresh responses: loss {report.Summary.Loss:0.0e+0}, length of the gradient {norm:0.00}"
        );
        Assert.InRange(Math.Abs(report.Summary.Loss), 0, 1e-12);
        Assert.True(norm > 0.1, $"{norm}");
    }

    [Claim("05", "a group with equal rewards teaches nothing")]
    public void A_group_with_equal_rewards_has_no_weight()
    {
        HandResponse Answer(double reward) => new("85$", reward, [-0.5, -1, -0.1]);
        double Largest(double reward) =>
            Algorithms
                .Grpo.Evaluate(RolloutBatch.ByHand("27+58=", [Answer(reward), Answer(reward), Answer(reward)]))
                .Weight.Values.ToArray()
                .Max(Math.Abs);
        page.Found(
            this,
            Verdict.Exact,
            $"largest weight of a token when all are right: {Largest(1)}, when all are wrong: {Largest(0)}"
        );
        Assert.Equal((0, 0), (Largest(0), Largest(1)));
    }

    [Claim("05", "… and such groups become more during training")]
    public void Silent_groups_become_more()
    {
        var runs = SharedRuns.Reversed;
        var growth = runs.Last("silent_groups").Minus(runs.First("silent_groups"));
        page.Found(
            this,
            Verdict.Holds,
            $"base that reverses digits, 150 steps: {runs.First("silent_groups").Average():P0} of the groups in the first fifth, {runs.Last("silent_groups").Average():P0} in the last, difference {growth}"
        );
        Assert.True(growth.Low > 0.05, $"{growth}");
    }

    [Claim("05", "k1 and k3 estimate the KL divergence without bias, k2 does not")]
    public void K1_and_k3_are_right_on_average()
    {
        var kl = KlOnAddition.Measure();
        page.Found(
            this,
            Verdict.Exact,
            $"mean over {kl.Places} next-token distributions, a policy after 100 steps against its base: KL {kl.Exact:0.0000}, E k1 {kl.Mean(KlEstimator.K1):0.0000}, E k2 {kl.Mean(KlEstimator.K2):0.0000}, E k3 {kl.Mean(KlEstimator.K3):0.0000}"
        );
        Assert.Equal(kl.Exact, kl.Mean(KlEstimator.K1), 1e-9);
        Assert.Equal(kl.Exact, kl.Mean(KlEstimator.K3), 1e-5);
        Assert.True(Math.Abs(kl.Mean(KlEstimator.K2) / kl.Exact - 1) > 0.05, $"{kl.Mean(KlEstimator.K2) / kl.Exact}");
    }

    [Claim("05", "what is good as a value is good as a loss")]
    public void Only_k2_has_the_gradient_of_the_kl()
    {
        var kl = KlOnAddition.Measure();
        double k1 = kl.GradientError(KlEstimator.K1),
            k2 = kl.GradientError(KlEstimator.K2),
            k3 = kl.GradientError(KlEstimator.K3);
        page.Found(
            this,
            Verdict.DoesNotHold,
            $"distance of the mean gradient from that of the KL, as a share of its length: k1 {k1:0.000} (its mean gradient is 0), k2 {k2:0.000}, k3 {k3:0.000} (it follows KL(ref ‖ policy) instead)"
        );
        Assert.Equal(1, k1, 1e-6);
        Assert.Equal(0, k2, 1e-6);
        Assert.True(k3 > 0.05, $"{k3}");
    }

    [Claim("05", "the mean of k3 over a batch is a fair summary")]
    public void The_mean_of_k3_is_made_by_a_few_tokens()
    {
        var kl = KlOnAddition.Measure();
        var (median, share) = (kl.MedianOfK3, kl.ShareOfTopPercent);
        page.Found(
            this,
            Verdict.DoesNotHold,
            $"mean {kl.Exact:0.0000}, median {median:0.0e+0} nats; the largest 1 % of the tokens make up {share:P0} of the mean"
        );
        Assert.True(median < kl.Exact / 5 && share > 0.2, $"{median} {share}");
    }
}
