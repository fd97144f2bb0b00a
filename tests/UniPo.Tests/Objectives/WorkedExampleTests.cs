namespace UniPo.Tests;

/// <summary>Examples that can be added up on paper, from the papers and from explanations of them.</summary>
public class WorkedExampleTests
{
    private static RolloutBatch Fresh(params (int Length, double Reward)[] responses) =>
        RolloutBatch.ByHand(
            "?",
            [
                .. responses.Select(r => new HandResponse(
                    new string('x', r.Length),
                    r.Reward,
                    [.. Enumerable.Repeat(-0.5, r.Length)]
                )),
            ]
        );

    [Theory]
    [InlineData(1, 1.154_700_538, -0.577_350_269)] // sample standard deviation 0.577…
    [InlineData(0, 1.414_213_562, -0.707_106_781)] // population standard deviation 0.471…
    public void Rewards_1_1_2_depend_on_the_divisor_of_the_standard_deviation(int ddof, double winner, double others)
    {
        var advantages = new GroupMeanStd { Ddof = ddof, Epsilon = 0 }.PerResponse(Fresh((1, 1), (1, 1), (1, 2)));
        Assert.Equal([others, others, winner], advantages, (a, b) => Math.Abs(a - b) < 1e-8);
    }

    /// <summary>A right answer of 2 tokens and a wrong one of 6, no more than 8 allowed: advantages 1 and −1.</summary>
    private static readonly RolloutBatch ShortRightLongWrong = Fresh((2, 1), (6, -1)) with { MaxTokens = 8 };

    public static TheoryData<string, double, double, double> FirstUpdates =>
        new()
        {
            { "GRPO", 0, 1.0 / 4, -1.0 / 12 }, // ½·(2·1/2 − 6·1/6): the long wrong answer is punished less per token
            { "DAPO", 0.5, 1.0 / 8, -1.0 / 8 }, // (2 − 6)/8, turned: every token alike
            { "Dr. GRPO", 0.25, 1.0 / 16, -1.0 / 16 }, // ½·(2 − 6)/8, turned: every token alike, and none by the length of others
        };

    [Theory]
    [MemberData(nameof(FirstUpdates))]
    public void The_first_update_has_loss_0_or_one_half_or_one_quarter(string name, double loss, double right, double wrong)
    {
        var algorithm = (PolicyObjective)Algorithms.Named(name) with { Kl = Kl.None };
        if (algorithm.Advantage is GroupMeanStd)
            algorithm = algorithm with
            {
                Advantage = new GroupMeanStd { Ddof = 0, Epsilon = 0 },
            };
        var report = algorithm.Evaluate(ShortRightLongWrong);
        Assert.Equal(loss, report.Summary.Loss, 12);
        Assert.Equal(right, report.Weight[0, 0], 12);
        Assert.Equal(wrong, report.Weight[1, 0], 12);
    }

    [Fact]
    public void Reinforce_weighs_every_token_by_the_reward_over_the_number_of_responses()
    {
        var report = Algorithms.Reinforce.Evaluate(Fresh((2, 1), (3, 0)));
        Assert.Equal([0.5, 0.5, 0, 0, 0], report.Weight.Values.ToArray());
        Assert.Equal(-0.5, report.Summary.Objective, 12); // ½ · (−0.5 − 0.5)
        Assert.Null(report.Ratio);
    }

    [Fact]
    public void A_token_beyond_the_clip_gets_no_weight_and_says_which_side_bit()
    {
        var batch = RolloutBatch.ByHand(
            "?",
            [new("ab", 1, [-0.1, -0.5], OldLogProbs: [-0.5, -0.5]), new("cd", 0, [-0.9, -0.5], OldLogProbs: [-0.5, -0.5])]
        );
        var report = (Algorithms.Grpo with { Kl = Kl.None }).Evaluate(batch);
        Assert.Equal([ClipSide.High, ClipSide.None, ClipSide.Low, ClipSide.None], report.Clipped!);
        Assert.Equal(0, report.Weight[0, 0]);
        Assert.Equal(0, report.Weight[1, 0]);
        Assert.Equal(0.5, report.Summary.ClipFraction);
    }
}
