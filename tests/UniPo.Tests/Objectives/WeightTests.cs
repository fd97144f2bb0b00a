using FsCheck;
using FsCheck.Fluent;

namespace UniPo.Tests;

/// <summary>The weight is the derivative: checked numerically on random batches.</summary>
public class WeightTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(40);

    private static void ForAllBatches(Objective objective) =>
        Prop.ForAll<ulong, byte>((seed, spread) => Derivative.AgreesWithWeight(objective, RandomBatch.Of(seed, 0.02 + spread / 60.0))).Check(Cases);

    [Fact]
    public void Reinforce_pushes_every_token_by_its_numerical_derivative() => ForAllBatches(Algorithms.Reinforce);

    [Fact]
    public void Grpo_pushes_every_token_by_its_numerical_derivative() => ForAllBatches(Algorithms.Grpo);

    public static TheoryData<Ratio> Ratios => [Ratio.Token, Ratio.SequenceMean, Ratio.SequenceProduct, new TokenRatio { LogClamp = 0.3 }, new SequenceMeanRatio { LogClamp = 0.1 }];

    [Theory]
    [MemberData(nameof(Ratios))]
    public void Any_ratio_passes_its_gradient_to_the_tokens(Ratio ratio) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {ratio}", Ratio = ratio });

    public static TheoryData<Aggregation> Aggregations =>
    [
        Aggregation.TokenMean, Aggregation.SequenceMean, Aggregation.SequenceSum, Aggregation.TokenSum, Aggregation.Constant(8),
        new GroupTokenMean(), new SequenceMean { Rows = CountedRows.NonEmpty, Epsilon = 1e-8 },
    ];

    [Theory]
    [MemberData(nameof(Aggregations))]
    public void Any_aggregation_scales_value_and_weight_alike(Aggregation aggregation) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {aggregation}", Aggregation = aggregation });

    public static TheoryData<Kl> Penalties =>
    [
        Kl.None, Kl.InLoss(0.5, KlEstimator.K1), Kl.InLoss(0.5, KlEstimator.K2), Kl.InLoss(0.5), Kl.InLoss(0.5, KlEstimator.Absolute),
        Kl.InLoss(0.5) with { TimesRatio = true }, Kl.InLoss(0.5) with { Aggregation = Aggregation.TokenMean },
        Kl.InLoss(0.5, new K3Estimator { LogRatioClamp = 1, ValueClamp = 0.5 }), Kl.InReward(0.3),
    ];

    [Theory]
    [MemberData(nameof(Penalties))]
    public void Any_kl_penalty_is_part_of_the_weight(Kl kl) => ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {kl}", Kl = kl });
}
