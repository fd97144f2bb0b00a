using System.Text.Json;

namespace UniPo.Tests.Golden;

/// <summary>TRL's GRPO and RLOO advantages, several rewards and unscorable responses included (trl_advantages.json).</summary>
internal static class TrlAdvantages
{
    public static void Check(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows(
            "scale_rewards",
            "multi_objective_aggregation",
            "reward_weights",
            "beta",
            "normalize_advantages",
            "reward_clip_range"
        );
        var (batch, several) = Batch(c);
        RewardWeights? weights = several
            ? new RewardWeights(config.Has("reward_weights") ? config.Numbers("reward_weights") : [])
            : null;
        var estimator = (c.Text("trainer") == "rloo" ? Rloo(config) : Grpo(config)) with { Weights = weights };
        var beta = config.Or("beta", 0);
        var estimate = estimator.Estimate(batch, beta > 0 ? Kl.InReward(beta) : null);
        var advantages = Enumerable
            .Range(0, batch.Layout.Responses)
            .Select(row => First(batch, estimate.Advantages, row))
            .ToArray();
        var expected = c.Numbers("advantages").Select((a, row) => batch.Layout.ActiveInRow[row] > 0 ? a : 0).ToArray();
        Expect.Near("advantages", expected, advantages);
        if (c.Has("is_std_zero"))
            Expect.Near("is_std_zero", c.Numbers("is_std_zero"), ZeroSpread(batch, weights, config));
    }

    public static OutcomeAdvantage Grpo(GoldenCase config) =>
        config.TextOrNull("multi_objective_aggregation") == "normalize_then_sum"
            ? new NormalizedRewardSum
            {
                Epsilon = 1e-4,
                Normalize = new ResponseNormalization { Epsilon = 1e-4 },
            }
            : config.Text("scale_rewards") switch
            {
                "group" => new GroupMeanStd { Epsilon = 1e-4 },
                "batch" => new GroupMeanBatchStd { Epsilon = 1e-4 },
                "none" => new GroupMean(),
                var scale => throw new NotCoveredException($"scale_rewards {scale}"),
            };

    internal static LeaveOneOut Rloo(GoldenCase config) =>
        new()
        {
            Normalize = config.Flag("normalize_advantages") ? new ResponseNormalization { Epsilon = 1e-4 } : null,
            RewardRange = config.Has("reward_clip_range")
                ? new Interval(config.Numbers("reward_clip_range")[0], config.Numbers("reward_clip_range")[1])
                : null,
        };

    private static (RolloutBatch Batch, bool Several) Batch(GoldenCase c)
    {
        var rewards = c.Json.GetProperty("rewards").EnumerateArray().Select(GoldenCase.Numbers).ToArray();
        var several = c.Json.GetProperty("rewards")[0].ValueKind == JsonValueKind.Array;
        var size = (int)c.Number("num_generations");
        if (GoldenFolder.Current.Batches.TryGetValue(c.Text("batch"), out var known) && !several)
        {
            // Advantages of masked rows are checked on rows that keep their tokens; KL in the reward uses the loss mask.
            var mask = c.Inside("config").Or("beta", 0) > 0 ? "mask" : "mask_before_truncation";
            int[] groups = [.. Enumerable.Repeat(size, known.Rows / size)];
            return (known.ToRollout(known.Source.Grid(mask), null, groups, c.Numbers("rewards")), false);
        }
        var layout = new TokenLayout(
            [.. Enumerable.Repeat(1, rewards.Length)],
            [.. Enumerable.Repeat(size, rewards.Length / size)]
        );
        var zero = new TokenColumn(layout, new double[layout.Tokens]);
        return (
            new RolloutBatch
            {
                Groups =
                [
                    .. rewards
                        .Chunk(size)
                        .Select(g => new ResponseGroup(
                            new Prompt("golden"),
                            [.. g.Select(r => new Response { Symbols = ["x"], RewardParts = r })]
                        )),
                ],
                Layout = layout,
                LogProbs = zero,
                OldLogProbs = zero,
            },
            true
        );
    }

    private static double First(RolloutBatch batch, TokenColumn advantages, int row)
    {
        for (var i = batch.Layout.RowStarts[row]; i < batch.Layout.RowStarts[row + 1]; i++)
            if (batch.Layout.IsActive(i))
                return advantages.Values[i];
        return 0;
    }

    // TRL only logs which responses belong to a group without spread; for scale_rewards="batch" and for sums of z-scores it asks
    // the whole batch.
    private static double[] ZeroSpread(RolloutBatch batch, RewardWeights? weights, GoldenCase config)
    {
        double[] rewards = [.. batch.Responses.Select(r => weights?.Sum(r.RewardParts) ?? r.Reward)];
        bool Silent(ReadOnlySpan<double> values) => SampleStatistics.Std(values, ddof: 1) < 1e-8;
        if (config.Text("scale_rewards") == "batch" || config.TextOrNull("multi_objective_aggregation") == "normalize_then_sum")
            return [.. rewards.Select(_ => Silent(rewards) ? 1.0 : 0)];
        return
        [
            .. batch.Responses.Select(
                (_, row) =>
                {
                    var group = batch.Layout.GroupOf[row];
                    return Silent(rewards.AsSpan(batch.Layout.GroupStarts[group], batch.Layout.GroupSize(group))) ? 1.0 : 0;
                }
            ),
        ];
    }
}
