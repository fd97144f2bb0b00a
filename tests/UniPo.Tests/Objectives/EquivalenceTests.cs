using FsCheck;
using FsCheck.Fluent;

namespace UniPo.Tests;

/// <summary>Objectives that are the same thing under conditions, on random batches.</summary>
public class EquivalenceTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(60);

    private static PolicyObjective Plain(TrustRegion clip, Ratio? ratio = null) =>
        new()
        {
            Name = $"{clip}",
            Advantage = new GroupMean(),
            Clip = clip,
            Ratio = ratio ?? Ratio.Token,
            Aggregation = Aggregation.SequenceMean,
        };

    private static void ForAll(Action<RolloutBatch> holds, Func<RolloutBatch, RolloutBatch>? change = null) =>
        Prop.ForAll<ulong, byte>((seed, spread) => holds((change ?? (b => b))(RandomBatch.Of(seed, 0.02 + spread / 60.0))))
            .Check(Cases);

    private static void Same(Objective a, Objective b, RolloutBatch batch)
    {
        var (left, right) = (a.Evaluate(batch), b.Evaluate(batch));
        Assert.Equal(left.Summary.Objective, right.Summary.Objective, 1e-10 * (1 + Math.Abs(left.Summary.Objective)));
        SameWeights(left, right);
    }

    private static void SameWeights(TokenReport left, TokenReport right)
    {
        for (var i = 0; i < left.Weight.Values.Length; i++)
            Assert.Equal(left.Weight.Values[i], right.Weight.Values[i], 1e-10 * (1 + Math.Abs(left.Weight.Values[i])));
    }

    private static RolloutBatch OnPolicy(RolloutBatch batch) => batch with { OldLogProbs = batch.LogProbs };

    private static RolloutBatch SingleTokens(RolloutBatch batch)
    {
        var rows = Enumerable.Range(0, batch.Layout.Responses).ToArray();
        var layout = new TokenLayout(
            [.. rows.Select(_ => 1)],
            [.. Enumerable.Range(0, batch.Layout.Groups).Select(batch.Layout.GroupSize)]
        );
        TokenColumn First(TokenColumn column) => new(layout, [.. rows.Select(row => column[row, 0])]);
        return batch with
        {
            Groups = [.. batch.Groups.Select(g => g with { Responses = [.. g.Responses.Select(r => r with { Symbols = ["x"] })] })],
            Layout = layout,
            LogProbs = First(batch.LogProbs),
            OldLogProbs = First(batch.OldLogProbs),
            ReferenceLogProbs = First(batch.ReferenceLogProbs!),
            SamplerLogProbs = null,
            Entropies = null,
            Values = null,
            OldValues = null,
        };
    }

    [Fact]
    public void A_dual_clip_with_a_huge_cap_is_ppos_clip() =>
        ForAll(b => Same(Plain(new Clip(0.2, 0.2)), Plain(new DualClip(0.2, 0.2, 1e9)), b));

    [Fact]
    public void A_cap_above_the_clip_is_a_dual_clip() =>
        ForAll(b => Same(Plain(new CappedClip(0.2, 0.2, 3)), Plain(new DualClip(0.2, 0.2, 3)), b));

    [Fact]
    public void On_single_tokens_all_means_are_one() =>
        ForAll(
            b =>
            {
                var grpo = Plain(new Clip(0.2, 0.2));
                foreach (
                    var aggregation in new Aggregation[]
                    {
                        new TokenMean(),
                        new MicroBatchTokenMean(),
                        new SequenceSum(),
                        new ConstantLength { Length = 1 },
                    }
                )
                    Same(grpo, grpo with { Aggregation = aggregation }, b);
                foreach (var ratio in new Ratio[] { Ratio.SequenceMean, Ratio.SequenceProduct, Ratio.SequenceToken })
                    Same(grpo, grpo with { Ratio = ratio }, b);
            },
            SingleTokens
        );

    [Fact]
    public void Gspo_and_its_token_form_agree_when_a_response_has_one_advantage() =>
        ForAll(b => Same(Plain(new Clip(0.2, 0.2), Ratio.SequenceMean), Plain(new Clip(0.2, 0.2), Ratio.SequenceToken), b));

    [Fact]
    public void On_fresh_responses_every_region_has_the_gradient_of_the_plain_policy_gradient() =>
        ForAll(
            b =>
            {
                var plain = Plain(Clip.None, Ratio.None).Evaluate(b);
                foreach (
                    var region in new TrustRegion[]
                    {
                        Clip.None,
                        new Clip(0.2, 0.2),
                        new DualClip(0.2, 0.2, 3),
                        new CispoClip(),
                        new SapoGate(),
                        new DroPenalty(),
                        new DppoMask(),
                    }
                )
                    SameWeights(plain, Plain(region).Evaluate(b));
                foreach (var ratio in new Ratio[] { Ratio.SequenceMean, Ratio.SequenceToken })
                    SameWeights(plain, Plain(new Clip(0.2, 0.2), ratio).Evaluate(b));
                SameWeights(plain, Plain(new GmpoClip(0.4, 0.4), Ratio.SequenceMean).Evaluate(b));
            },
            OnPolicy
        );

    [Fact]
    public void On_fresh_responses_the_value_is_the_mean_advantage_and_sapos_is_2_over_tau_times_it() =>
        ForAll(
            b =>
            {
                var value = Plain(new Clip(0.2, 0.2)).Evaluate(b).Summary.Objective;
                foreach (var region in new TrustRegion[] { Clip.None, new DualClip(0.2, 0.2, 3) })
                    Assert.Equal(value, Plain(region).Evaluate(b).Summary.Objective, 1e-12);
                Assert.Equal(value, Plain(new GmpoClip(0.4, 0.4), Ratio.SequenceMean).Evaluate(b).Summary.Objective, 1e-12);
                Assert.Equal(
                    2 * value / 1.5,
                    Plain(new SapoGate { TauPositive = 1.5, TauNegative = 1.5 }).Evaluate(b).Summary.Objective,
                    1e-12
                );
            },
            OnPolicy
        );

    [Fact]
    public void Ratio_is_one_on_the_first_update() =>
        ForAll(b => Assert.All(Algorithms.Grpo.Evaluate(b).Ratio!.Values.ToArray(), r => Assert.Equal(1, r)), OnPolicy);

    [Fact]
    public void Leaving_one_out_is_the_group_mean_times_g_over_g_minus_1() =>
        ForAll(b =>
        {
            var (mean, loo) = (new GroupMean().PerResponse(b), new LeaveOneOut().PerResponse(b));
            for (var row = 0; row < mean.Length; row++)
            {
                double size = b.Layout.GroupSize(b.Layout.GroupOf[row]);
                if (size > 1)
                    Assert.Equal(mean[row] * size / (size - 1), loo[row], 1e-12);
            }
        });

    [Fact]
    public void The_length_weighted_mean_is_the_group_mean_when_all_lengths_are_equal() =>
        ForAll(
            b =>
                Assert.Equal(
                    new GroupMean().PerResponse(b),
                    new LengthWeightedMean().PerResponse(b),
                    (x, y) => Math.Abs(x - y) < 1e-12
                ),
            SingleTokens
        );

    [Fact]
    public void Kl_cov_without_price_is_the_unclipped_policy_gradient() =>
        ForAll(b => Same(Plain(Clip.None), Plain(new KlCov { Share = 0.5, Coefficient = 0 }), b));

    [Fact]
    public void Rejection_sampling_is_the_policy_gradient_with_advantages_0_and_1() =>
        ForAll(b =>
        {
            var chosen = b.Rewards().Select(r => r >= 0.5).ToArray();
            if (!chosen.Contains(true))
                return;
            var weights = (Algorithms.RejectionSampling with { Selection = ResponseSelection.AtLeast(0.5) }).Evaluate(b).Weight;
            double active = Enumerable.Range(0, chosen.Length).Sum(row => chosen[row] ? b.Layout.ActiveInRow[row] : 0);
            for (var row = 0; row < chosen.Length; row++)
            for (var t = 0; t < b.Layout.Length(row); t++)
                Assert.Equal(
                    chosen[row] && b.Layout.IsActive(b.Layout.RowStarts[row] + t) ? 1 / active : 0,
                    weights[row, t],
                    1e-15
                );
        });

    [Fact]
    public void Dpo_is_a_policy_gradient_whose_advantage_falls_as_the_margin_grows()
    {
        var batch = RolloutBatch.ByHand(
            "?",
            [new("ab", 1, [-1, -1], ReferenceLogProbs: [-1.5, -1]), new("c", 0, [-1], ReferenceLogProbs: [-0.5])]
        );
        var report = Algorithms.Dpo.Evaluate(batch);
        var weight = 0.1 / (1 + Math.Exp(0.1 * 1)); // β·σ(−β·h) with h = 0.5 + 0.5
        Assert.Equal([weight, weight, -weight], report.Weight.Values.ToArray(), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Null(report.Advantage);
        Assert.Null(report.Ratio);
        Assert.Null(report.Clipped);
    }

    [Fact]
    public void The_clip_of_a_batch_equals_the_clip_of_single_tokens() =>
        ForAll(b =>
        {
            var clip = new Clip(0.1, 0.3);
            var report = Plain(clip).Evaluate(b);
            for (var i = 0; i < b.Layout.Tokens; i++)
            {
                if (!b.Layout.IsActive(i))
                    continue;
                var term = clip.At(report.Ratio!.Values[i], report.Advantage!.Values[i]);
                Assert.Equal(term.Value, report.TokenObjective!.Values[i], 12);
                Assert.Equal(term.Slope == 0 && term.Value != 0, report.Clipped![i] != ClipSide.None);
            }
        });
}
