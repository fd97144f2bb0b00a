namespace UniPo.Tests;

/// <summary>Every preset on the batches that break trainers: lone responses, equal rewards, extremes, empties.</summary>
public class UnusualBatchTests
{
    private static readonly Dictionary<string, RolloutBatch> _batches = new()
    {
        ["one response a prompt"] = Of([1], [0]),
        ["equal rewards that are not exact"] = Of([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]),
        ["equal in one group only"] = Of([0.3, 0.3, 0.3], [0, 1, 0.3]),
        ["an extreme reward"] = Of([-1e155, 0, 1], [0, 1, 1]),
        ["a reward as large as numbers get"] = Of([1e300, 0], [1, 0]),
        ["everything truncated"] = Of([1, 0], [0, 1], truncated: true),
        ["an empty response"] = Of([1, 0], [1, 0], empty: true),
        ["far ratios"] = Of([1, 0], [0, 1], old: -700),
    };

    private static RolloutBatch Of(double[] first, double[] second, bool truncated = false, bool empty = false, double old = -1)
    {
        var lengths = first.Concat(second).Select((_, i) => empty && i == 0 ? 0 : 2).ToArray();
        var layout = new TokenLayout(lengths, [first.Length, second.Length]);
        TokenColumn Column(double value) => new(layout, [.. Enumerable.Repeat(value, layout.Tokens)]);
        ResponseGroup Group(string prompt, double[] rewards, int from) =>
            new(
                new Prompt(prompt),
                [
                    .. rewards.Select(
                        (r, i) =>
                            new Response
                            {
                                Symbols = [.. Enumerable.Repeat("x", lengths[from + i])],
                                Reward = r,
                                Truncated = truncated,
                                RewardParts = [r, 0.5],
                                RewardConfidences = [1, 0.5],
                            }
                    ),
                ]
            );
        return new RolloutBatch
        {
            Groups = [Group("a", first, 0), Group("b", second, first.Length)],
            RewardNames = ["right", "neat"],
            Layout = layout,
            LogProbs = Column(-1),
            OldLogProbs = Column(old),
            ReferenceLogProbs = Column(-1.2),
            SamplerLogProbs = Column(-1),
            Entropies = Column(0.5),
            Values = Column(0.2),
            OldValues = Column(0.1),
            GreedyRewards = [0, 1],
        };
    }

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var batch in _batches.Keys)
            foreach (var name in AllAlgorithms.Names)
                cases.Add(name, batch);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Numbers_stay_finite_or_the_reason_is_said(string name, string kind)
    {
        var (objective, batch) = (AllAlgorithms.Named(name), _batches[kind]);
        TokenReport report;
        try
        {
            report = objective.Evaluate(batch);
        }
        catch (Exception e) when (e is ArithmeticException or ArgumentException)
        {
            Assert.True(
                kind is "a reward as large as numbers get" or "an extreme reward" or "far ratios",
                $"{name}, {kind}: {e.Message}"
            );
            Assert.InRange(e.Message.Length, 20, 300);
            return;
        }
        Assert.All(report.Weight.Values.ToArray(), w => Assert.True(double.IsFinite(w), $"{name}, {kind}: weight {w}"));
        Assert.True(double.IsFinite(report.Summary.Objective));
        for (var row = 0; row < batch.Layout.Responses; row++)
        for (var t = 0; t < batch.Layout.Length(row); t++)
            Agrees(report, row, t, $"{name}, {kind}");
    }

    // The sentences beside a weight follow from the same numbers as the weight.
    private static void Agrees(TokenReport report, int row, int token, string where)
    {
        var explanation = report.Explain(row, token);
        var text = explanation.ToString();
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        if (explanation.Weight == 0 && explanation.Steps.Count > 0 && explanation.Steps.Any(s => s.Part == "weight"))
            Assert.True(
                explanation.Steps[^1].Value == 0,
                $"{where}: weight 0, but explained as {explanation.Steps[^1].Value}\n{text}"
            );
        if (explanation.Steps.LastOrDefault(s => s.Part == "advantage" && s.Symbol.StartsWith('A')) is { Value: not 0 })
            Assert.DoesNotContain("Neither better nor worse", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Grpo")]
    [InlineData("DrGrpo")]
    [InlineData("Rloo")]
    [InlineData("ReinforceBaseline")]
    [InlineData("Opo")]
    [InlineData("Grape")]
    public void Equal_rewards_push_nothing_at_all(string name)
    {
        var objective = (PolicyObjective)AllAlgorithms.Named(name) with { Kl = Kl.None };
        Assert.All(
            objective.Evaluate(_batches["equal rewards that are not exact"]).Weight.Values.ToArray(),
            w => Assert.Equal(0, w)
        );
    }

    [Fact]
    public void A_response_without_a_reward_teaches_nothing_and_leaves_the_others_as_they_are()
    {
        RolloutBatch Batch(params double[][] parts) =>
            RolloutBatch.ByHand("?", [.. parts.Select(p => new HandResponse("ab", 0, [-1.0, -1.0]))]) is var b
                ? b with
                {
                    Groups =
                    [
                        b.Groups[0] with
                        {
                            Responses = [.. b.Responses.Select((r, i) => r with { RewardParts = parts[i] })],
                        },
                    ],
                }
                : throw new InvalidOperationException();
        var weights = new RewardWeights(1, 1);
        foreach (
            var advantage in new Advantage[]
            {
                new GroupMean { Weights = weights },
                new GroupMeanStd { Weights = weights },
                new LeaveOneOut { Weights = weights },
                new BatchMean { Weights = weights },
                new RewardToGo { Weights = weights, Whiten = new() },
                new GroupMean { Weights = weights, Normalize = new() },
            }
        )
        {
            var with = advantage.Estimate(Batch([double.NaN, double.NaN], [0, 1], [1, 1], [0, 0])).Advantages.Values.ToArray();
            var without = advantage.Estimate(Batch([0, 1], [1, 1], [0, 0])).Advantages.Values.ToArray();
            Assert.Equal([0, 0], with[..2]);
            for (var i = 0; i < without.Length; i++)
                Assert.Equal(without[i], with[i + 2], 12);
        }
    }

    [Fact]
    public void Silence_is_judged_by_advantages_and_not_by_the_sum_of_rewards()
    {
        var batch = RolloutBatch.ByHand("?", [new HandResponse("a", 1, [-1.0]), new HandResponse("b", 1, [-1.0])]);
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
                            RewardParts = [0, 1],
                        },
                    ],
                },
            ],
        };
        var sum = Algorithms.Grpo with { Kl = Kl.None };
        Assert.Equal([true], sum.SilentGroups(batch));
        Assert.Equal(
            [false],
            (sum with { Advantage = new GroupMeanStd { Weights = new RewardWeights(2, 1) } }).SilentGroups(batch)
        );
    }

    [Fact]
    public void A_margin_far_out_still_costs_something() =>
        Assert.Equal(
            4.248354255291589e-18,
            new DpoLoss { Beta = 1 }
                .At(40, 0)
                .Loss,
            1e-30
        );
}
