using FsCheck;
using FsCheck.Fluent;

namespace UniPo.Tests;

/// <summary>Formula, explanation and code say the same: objective, token term and weight, on random batches, clipped tokens included.</summary>
public class FormulaProofTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(15);

    private static void ForAllBatches(Objective objective) =>
        Prop.ForAll<ulong, byte>((seed, spread) =>
        {
            var batch = RandomBatch.Of(seed, 0.02 + spread / 60.0);
            FormulaProof.Holds(objective, batch);
            ExplanationProof.Holds(objective, batch);
        }).Check(Cases);

    public static TheoryData<string> Presets => [.. AllAlgorithms.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void The_formula_of_every_algorithm_gives_its_objective_and_its_weights(string name) => ForAllBatches(AllAlgorithms.Named(name));

    public static TheoryData<Ratio> Ratios =>
    [
        Ratio.Token, Ratio.SequenceMean, Ratio.SequenceProduct, Ratio.SequenceToken, new TokenRatio { LogClamp = 0.3 }, new TokenRatio { OnPolicy = true },
        new SequenceMeanRatio { LogClamp = 0.1 }, new SequenceProductRatio { LogClamp = 0.5 }, new SequenceTokenRatio { LogCap = 0.05 },
    ];

    [Theory]
    [MemberData(nameof(Ratios))]
    public void The_formula_of_every_ratio_is_what_the_code_does(Ratio ratio) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with ratio {ratio}", Ratio = ratio });

    public static TheoryData<Aggregation> Aggregations =>
    [
        Aggregation.TokenMean, Aggregation.SequenceMean, Aggregation.SequenceSum, Aggregation.TokenSum, Aggregation.Constant(8), new ConstantLength(),
        new GroupTokenMean(), new SequenceMean { Rows = CountedRows.NonEmpty, Epsilon = 1e-8 },
    ];

    [Theory]
    [MemberData(nameof(Aggregations))]
    public void The_formula_of_every_aggregation_is_what_the_code_does(Aggregation aggregation) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {aggregation}", Aggregation = aggregation });

    public static TheoryData<Kl> Penalties =>
    [
        Kl.None, Kl.InLoss(0.5, KlEstimator.K1), Kl.InLoss(0.5, KlEstimator.K2), Kl.InLoss(0.5), Kl.InLoss(0.5, KlEstimator.Absolute),
        Kl.InLoss(0.5) with { TimesRatio = true }, Kl.InLoss(0.5) with { Aggregation = Aggregation.TokenMean },
        Kl.InLoss(0.5, new K3Estimator { LogRatioClamp = 1, ValueClamp = 0.5 }), Kl.InLoss(0.5, new K3Estimator { GradientOfK2 = true }),
        Kl.InReward(0.3), Kl.InReward(0.3) with { AfterBaseline = true },
    ];

    [Theory]
    [MemberData(nameof(Penalties))]
    public void The_formula_of_every_kl_penalty_is_what_the_code_does(Kl kl) => ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with KL {kl}", Kl = kl });

    public static TheoryData<Advantage> Advantages =>
    [
        new RewardOnly { Baseline = 0.3 }, new GroupMean(), new GroupMean { Lone = LoneResponse.Reward }, new GroupMeanStd { Ddof = 0 }, new GroupMeanStd { Lone = LoneResponse.Reward },
    ];

    [Theory]
    [MemberData(nameof(Advantages))]
    public void The_formula_of_every_advantage_is_what_the_code_does(Advantage advantage) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {advantage}", Advantage = advantage });

    [Fact]
    public void The_entropy_bonus_is_in_the_formula() => ForAllBatches(Algorithms.Grpo with { Name = "GRPO with entropy", Entropy = new() { Coefficient = 0.1 } });

    [Fact]
    public void Masks_of_truncated_responses_and_silent_groups_are_in_the_sums() =>
        ForAllBatches(Algorithms.Grpo with { Name = "GRPO with filters", Filters = new() { DropTruncated = true, DropSilentGroups = true } });
}
