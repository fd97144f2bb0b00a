namespace UniPo.Tests;

/// <summary>Advantages that can be worked out on paper.</summary>
public class AdvantageTests
{
    private static RolloutBatch Group(params double[] rewards) =>
        RolloutBatch.ByHand("?", [.. rewards.Select(r => new HandResponse("ab", r, [-1, -1]))]);

    private static double[] Of(Advantage advantage, RolloutBatch batch) => advantage.Estimate(batch).Advantages.Values.ToArray();

    [Fact]
    public void Equal_rewards_teach_exactly_nothing()
    {
        var batch = Group(0.1, 0.1, 0.1);
        foreach (
            var advantage in new OutcomeAdvantage[]
            {
                new GroupMean(),
                new GroupMeanStd { Epsilon = 0 },
                new LeaveOneOut(),
                new LengthWeightedMean(),
                new MaxRl(),
            }
        )
            Assert.Equal([0, 0, 0], advantage.PerResponse(batch));
    }

    [Fact]
    public void A_lone_response_gets_0_or_its_reward()
    {
        Assert.Equal([0], new GroupMean().PerResponse(Group(3)));
        Assert.Equal([3], new LeaveOneOut { Lone = LoneResponse.Reward }.PerResponse(Group(3)));
        Assert.Equal([3 / (1 + 1e-6)], new GroupMeanStd { Lone = LoneResponse.Reward }.PerResponse(Group(3)));
    }

    [Fact]
    public void Only_the_best_of_a_group_leads_the_second() =>
        Assert.Equal([0, 2, 0], new BestOfGroup { DivideByStd = false }.PerResponse(Group(1, 4, 2)));

    [Fact]
    public void Long_responses_pull_the_length_weighted_mean()
    {
        var batch = RolloutBatch.ByHand("?", [new("abc", 1, [-1, -1, -1]), new("d", 0, [-1])]);
        Assert.Equal([0.25, -0.75], new LengthWeightedMean().PerResponse(batch));
    }

    [Fact]
    public void A_running_mean_learns_from_rollout_to_rollout()
    {
        var first = new RunningMean { Momentum = 0.5 };
        Assert.Equal([1, 3], first.PerResponse(Group(1, 3)));
        var second = (RunningMean)first.After(Group(1, 3));
        Assert.Equal(2, second.Baseline);
        Assert.Equal(1, ((RunningMean)second.After(Group(0, 0))).Baseline);
    }

    [Fact]
    public void An_objective_hands_its_running_mean_and_its_kl_price_on()
    {
        var objective = Algorithms.Reinforce with
        {
            Advantage = new RunningMean(),
            Kl = new KlInReward
            {
                Coefficient = 0.1,
                Adaptive = new() { Target = 0.01, Horizon = 10 },
            },
        };
        var batch = RolloutBatch.ByHand(
            "?",
            [new("a", 1, [-1.0], ReferenceLogProbs: [-2]), new("b", 0, [-1.0], ReferenceLogProbs: [-2])]
        );
        var next = (PolicyObjective)objective.After(objective.Evaluate(batch));
        Assert.Equal(0.5, ((RunningMean)next.Advantage).Baseline);
        Assert.Equal(0.1 * (1 + 0.2 * 2 / 10), ((KlInReward)next.Kl).Coefficient, 12); // KL of 1 nat is far above its target
        Assert.Same(Algorithms.Grpo, Algorithms.Grpo.After(Algorithms.Grpo.Evaluate(batch)));
    }

    [Fact]
    public void Rewards_to_go_count_what_follows()
    {
        var batch = Group(0) with { TokenRewards = new TokenColumn(Group(0).Layout, [1, 2]) };
        Assert.Equal([3, 2], Of(new RewardToGo(), batch));
        Assert.Equal([2, 2], Of(new RewardToGo { Gamma = 0.5 }, batch));
    }

    [Fact]
    public void A_greedy_baseline_compares_with_the_answer_without_dice() =>
        Assert.Equal([0.25, 0.25, -0.75, -0.75], Of(new GreedyBaseline(), Group(1, 0) with { GreedyRewards = [0.75] }));

    [Fact]
    public void Gae_trusts_the_critic_at_lambda_0_and_the_reward_at_lambda_1()
    {
        var batch = RolloutBatch.ByHand("?", [new("ab", 1, [-1, -1]) { Values = [0.5, 0.75] }]);
        Assert.Equal([0.25, 0.25], Of(new Gae { Lambda = 0 }, batch)); // 0.75 − 0.5 and 1 − 0.75
        Assert.Equal([0.5, 0.25], Of(new Gae { Lambda = 1 }, batch)); // 1 − 0.5 and 1 − 0.75
        Assert.Equal(
            [1, 1],
            new Gae { Lambda = 1 }
                .Estimate(batch)
                .ValueTargets!.Values.ToArray()
        );
    }

    [Theory]
    [InlineData(MaskedTokens.Skip, 0.25)] // the first token looks at V = 0.75 behind the mask
    [InlineData(MaskedTokens.Zero, -0.5)] // at 0
    [InlineData(MaskedTokens.Keep, 8.5)] // at 9
    public void A_masked_token_inside_a_response_is_passed_over_zeroed_or_kept(MaskedTokens masked, double first)
    {
        var batch = RolloutBatch.ByHand(
            "?",
            [new("abc", 1, [-1, -1, -1]) { Values = [0.5, 9, 0.75], Mask = [true, false, true] }]
        );
        Assert.Equal(first, Of(new Gae { Lambda = 0, MaskedTokens = masked }, batch)[0], 12);
    }

    [Fact]
    public void Several_rewards_count_alike_as_z_scores_whatever_their_scale()
    {
        var batch = Group(0, 0);
        batch = batch with
        {
            Groups =
            [
                batch.Groups[0] with
                {
                    Responses =
                    [
                        batch.Responses[0] with
                        {
                            RewardParts = [1, 0],
                        },
                        batch.Responses[1] with
                        {
                            RewardParts = [0, 1000],
                        },
                    ],
                },
            ],
        };
        Assert.Equal([0, 0], new NormalizedRewardSum { Epsilon = 0 }.PerResponse(batch), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([1, 1000], batch.Responses.Select(r => new RewardWeights().Sum(r.RewardParts)));
    }

    [Fact]
    public void An_unscorable_response_stays_out_of_the_mean_and_learns_nothing()
    {
        var batch = Group(0, 0, 0);
        double[][] parts =
        [
            [1],
            [double.NaN],
            [0],
        ];
        batch = batch with
        {
            Groups =
            [
                batch.Groups[0] with
                {
                    Responses = [.. batch.Responses.Select((r, i) => r with { RewardParts = parts[i] })],
                },
            ],
        };
        Assert.Equal([0.5, 0, -0.5], new GroupMean { Weights = new() }.PerResponse(batch));
    }

    [Fact]
    public void Whitening_leaves_mean_0_and_spread_1_over_tokens()
    {
        var batch = RolloutBatch.ByHand([new("a", [new("xyz", 3, [-1, -1, -1])]), new("b", [new("x", -1, [-1.0])])]);
        var whitened = Of(new RewardOnly { Whiten = new() { Epsilon = 0 } }, batch);
        Assert.Equal(0, whitened.Sum(), 12);
        Assert.Equal(3, whitened.Sum(a => a * a), 12); // divisor n − 1 of 4 tokens
    }

    [Fact]
    public void A_penalty_in_the_reward_is_seen_by_the_baseline_or_paid_after_it()
    {
        var batch = RolloutBatch.ByHand("?", [new("ab", 1, [-1, -1], ReferenceLogProbs: [-2, -1.5]), new("cd", 0, [-1, -1])]);
        var before = (Algorithms.Rloo with { Kl = Kl.InReward(1) }).Evaluate(batch).Advantage!;
        Assert.Equal([-0.5, -0.5, 0.5, 0.5], before.Values.ToArray()); // R̃ = 1 − 1.5 and 0
        var after = (
            Algorithms.Rloo with
            {
                Kl = new KlInReward { Coefficient = 1, AfterBaseline = true },
            }
        ).Evaluate(batch).Advantage!;
        Assert.Equal([1 - 1.5, 1 - 0.5, -1, -1], after.Values.ToArray()); // A = ±1, minus what each token still pays
    }
}
