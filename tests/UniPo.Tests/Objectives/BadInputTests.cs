namespace UniPo.Tests;

/// <summary>Bad input ends in a clear message or a documented value, never in NaN.</summary>
public class BadInputTests
{
    private static readonly RolloutBatch Good = RolloutBatch.ByHand("?", [new("ab", 1, [-0.5, -0.5]), new("c", 0, [-0.7])]);

    private static string Refused(RolloutBatch batch, Objective? objective = null) =>
        Assert.Throws<ArgumentException>(() => (objective ?? Algorithms.Grpo).Evaluate(batch)).Message;

    public static TheoryData<string> Names => [.. Algorithms.All.Select(a => a.Name)];

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(0.5, "0.5")]
    public void A_log_probability_that_is_none_is_named_with_its_place(double value, string text) =>
        Assert.Equal(
            $"LogProbs of token 1 of response 0 was {text}; a log-probability must be finite and at most 0.",
            Refused(Good.WithLogProb(0, 1, value))
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_algorithm_refuses_log_probs_that_are_not_finite(string name)
    {
        var batch = RandomBatch.Of(4);
        var bad = batch.LogProbs.Values.ToArray();
        bad[Enumerable.Range(0, bad.Length).First(batch.Layout.IsActive)] = double.NaN;
        Assert.Contains(
            "a log-probability must be finite",
            Refused(batch.WithLogProbs(bad), Algorithms.Named(name)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Old_and_reference_log_probabilities_are_looked_at_too()
    {
        var bad = new TokenColumn(Good.Layout, [-0.5, double.NaN, -0.7]);
        Assert.StartsWith(
            "OldLogProbs of token 1 of response 0 was NaN",
            Refused(Good with { OldLogProbs = bad }),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "ReferenceLogProbs of token 1 of response 0 was NaN",
            Refused(Good with { ReferenceLogProbs = bad }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Garbage_on_masked_tokens_changes_nothing()
    {
        var masked = Good with { Layout = Good.Layout.WithMask([true, false, true]) };
        var wild = masked with
        {
            LogProbs = new TokenColumn(Good.Layout, [-0.5, double.NaN, -0.7]),
            OldLogProbs = new TokenColumn(Good.Layout, [-0.5, 7, -0.7]),
        };
        foreach (
            var algorithm in new Objective[]
            {
                Algorithms.Grpo,
                Algorithms.Gspo,
                Algorithms.Cispo,
                Algorithms.Reinforce,
                Algorithms.Sft,
                Algorithms.Dpo,
            }
        )
            Assert.Equal(algorithm.Evaluate(masked).Weight.Values.ToArray(), algorithm.Evaluate(wild).Weight.Values.ToArray());
    }

    [Fact]
    public void A_reward_that_is_not_finite_is_named() =>
        Assert.StartsWith(
            "The reward of response 1 must be a finite number, but was NaN.",
            Refused(RolloutBatch.ByHand("?", [new("a", 1, [-1.0]), new("b", double.NaN, [-1.0])])),
            StringComparison.Ordinal
        );

    [Fact]
    public void Columns_of_another_length_are_refused()
    {
        var other = new TokenColumn(new TokenLayout([1], [1]), [-0.5]);
        Assert.Equal("OldLogProbs holds 1 numbers, but the batch has 3 tokens.", Refused(Good with { OldLogProbs = other }));
    }

    [Fact]
    public void Fewer_responses_than_the_layout_says_are_refused() =>
        Assert.Equal(
            "The batch holds 1 responses, but its layout 2; they must match.",
            Refused(Good with { Groups = [new ResponseGroup(new Prompt("?"), [Good.Responses[0]])] })
        );

    [Fact]
    public void An_empty_group_is_refused() =>
        Assert.Equal(
            "The size of group 1 must be at least 1, but was 0.",
            Assert.Throws<ArgumentException>(() => new TokenLayout([1], [1, 0])).Message
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_without_active_tokens_has_objective_and_weights_0(string name)
    {
        var batch = RandomBatch.Of(4);
        var report = Algorithms
            .Named(name)
            .Evaluate(batch with { Layout = batch.Layout.WithMask(new bool[batch.Layout.Tokens]) });
        Assert.Equal(0, report.Summary.Objective);
        Assert.All(report.Weight.Values.ToArray(), w => Assert.Equal(0, w));
        Assert.Equal(0, report.Summary.TokensWithoutGradient);
    }

    [Fact]
    public void A_ratio_that_would_overflow_is_held_at_e_to_the_600_and_gets_no_gradient()
    {
        var batch = RolloutBatch.ByHand(
            "?",
            [new("a", 1, [-1.0], OldLogProbs: [-5000]), new("b", 0, [-5000], OldLogProbs: [-1.0])]
        );
        var report = (Algorithms.Grpo with { Clip = Clip.None, Kl = Kl.None }).Evaluate(batch);
        Assert.Equal([Math.Exp(600), Math.Exp(-600)], report.Ratio!.Values.ToArray(), (a, b) => Math.Abs(a / b - 1) < 1e-12);
        Assert.Equal([0, 0], report.Weight.Values.ToArray());
    }

    [Fact]
    public void What_an_objective_needs_and_the_batch_lacks_is_said_with_the_way_out()
    {
        Assert.Contains("set Kl = Kl.None", Refused(Good with { ReferenceLogProbs = null }), StringComparison.Ordinal);
        Assert.Contains("SamplingPlan.GreedyRollout", Refused(Good, Algorithms.ReMax), StringComparison.Ordinal);
        Assert.Contains("value head", Refused(Good, Algorithms.Ppo), StringComparison.Ordinal);
        Assert.Contains(
            "needs Entropies",
            Refused(Good, Algorithms.Dapo with { Entropy = new() { Coefficient = 0.1 } }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Set Ratio = Ratio.Token",
            Refused(Good, Algorithms.Reinforce with { Clip = Clip.Symmetric(0.2) }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_parameter_is_checked_where_it_is_set()
    {
        static string Message(Action set) => Assert.Throws<ArgumentOutOfRangeException>(set).Message;
        Assert.Equal("Clip.Low must lie in [0, 1], but was 1.5.", Message(() => _ = new Clip(1.5, 0.2)));
        Assert.Equal(
            "Clip.Low must lie in [0, 1], but was NaN.",
            Message(() => _ = Clip.Symmetric(0.2) with { Low = double.NaN })
        );
        Assert.Equal("KlInLoss.Coefficient must be at least 0 and finite, but was -1.", Message(() => Kl.InLoss(-1)));
        Assert.Equal("GroupMeanStd.Ddof must be 0 or 1, but was 2.", Message(() => _ = new GroupMeanStd { Ddof = 2 }));
        Assert.Equal("Gae.Lambda must lie in [0, 1], but was 1.1.", Message(() => _ = new Gae { Lambda = 1.1 }));
        Assert.Equal("DualClip.Cap must be above 1, but was 1.", Message(() => _ = new DualClip(0.2, 0.2, 1)));
        Assert.Equal("ConstantLength.Length must be at least 1, but was 0.", Message(() => Aggregation.Constant(0)));
        Assert.Equal("Interval.High must be at least Interval.Low (1), but was 0.", Message(() => _ = new Interval(1, 0)));
        Assert.Equal(
            "DpoLoss.LabelSmoothing must lie in [0, 0.5), but was 0.5.",
            Message(() => _ = new DpoLoss { LabelSmoothing = 0.5 })
        );
        Assert.Equal(
            "SamplingPlan.GroupSize must be at least 1, but was 0.",
            Message(() => _ = new SamplingPlan { GroupSize = 0 })
        );
    }

    [Fact]
    public void A_response_typed_by_hand_must_have_one_number_a_token() =>
        Assert.Equal(
            "The response \"abc\" has 3 tokens, but LogProbs holds 2 numbers.",
            Assert.Throws<ArgumentException>(() => RolloutBatch.ByHand("?", [new("abc", 1, [-1, -1])])).Message
        );

    [Fact]
    public void Rewards_and_weights_of_other_counts_are_refused() =>
        Assert.Equal(
            "There are 2 reward weights, but a response has 1 reward parts; each part needs one.",
            Assert.Throws<ArgumentException>(() => new RewardWeights(1, 2).Sum([1])).Message
        );
}
