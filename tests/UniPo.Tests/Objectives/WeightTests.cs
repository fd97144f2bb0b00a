using FsCheck;
using FsCheck.Fluent;

namespace UniPo.Tests;

/// <summary>The weight is the derivative: checked numerically on random batches.</summary>
public class WeightTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(40);

    private static void ForAllBatches(Objective objective) =>
        Prop.ForAll<ulong, byte>(
                (seed, spread) => Derivative.AgreesWithWeight(objective, RandomBatch.Of(seed, 0.02 + spread / 60.0))
            )
            .Check(Cases);

    [Fact]
    public void Reinforce_pushes_every_token_by_its_numerical_derivative() => ForAllBatches(Algorithms.Reinforce);

    [Fact]
    public void Grpo_pushes_every_token_by_its_numerical_derivative() => ForAllBatches(Algorithms.Grpo);

    public static TheoryData<Ratio> Ratios =>
        [
            Ratio.Token,
            Ratio.SequenceMean,
            Ratio.SequenceProduct,
            new TokenRatio { LogClamp = 0.3 },
            new SequenceMeanRatio { LogClamp = 0.1 },
        ];

    [Theory]
    [MemberData(nameof(Ratios))]
    public void Any_ratio_passes_its_gradient_to_the_tokens(Ratio ratio) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {ratio}", Ratio = ratio });

    public static TheoryData<Aggregation> Aggregations =>
        [
            Aggregation.TokenMean,
            Aggregation.SequenceMean,
            Aggregation.SequenceSum,
            Aggregation.TokenSum,
            Aggregation.Constant(8),
            new GroupTokenMean(),
            new SequenceMean { Rows = CountedRows.NonEmpty, Epsilon = 1e-8 },
        ];

    [Theory]
    [MemberData(nameof(Aggregations))]
    public void Any_aggregation_scales_value_and_weight_alike(Aggregation aggregation) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {aggregation}", Aggregation = aggregation });

    public static TheoryData<Kl> Penalties =>
        [
            Kl.None,
            Kl.InLoss(0.5, KlEstimator.K1),
            Kl.InLoss(0.5, KlEstimator.K2),
            Kl.InLoss(0.5),
            Kl.InLoss(0.5, KlEstimator.Absolute),
            Kl.InLoss(0.5) with
            {
                TimesRatio = true,
            },
            Kl.InLoss(0.5) with
            {
                Aggregation = Aggregation.TokenMean,
            },
            Kl.InLoss(0.5, new K3Estimator { LogRatioClamp = 1, ValueClamp = 0.5 }),
            Kl.InReward(0.3),
        ];

    [Theory]
    [MemberData(nameof(Penalties))]
    public void Any_kl_penalty_is_part_of_the_weight(Kl kl) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {kl}", Kl = kl });

    public static TheoryData<TrustRegion> Regions =>
        [
            Clip.None,
            new Clip(0.2, 0.28),
            new DualClip(0.2, 0.2, 1.5),
            new CappedClip(0.2, 0.2, 1.1),
            new CappedClip(0.2, 0.2, 3),
            new CispoClip { Lowest = 0.8, Highest = 1.2 },
            new SapoGate(),
            new ClipCov { Share = 0.3, LowerBound = -5 },
            new KlCov { Share = 0.3 },
            new DppoMask(),
            new DppoMask { Detached = false },
            new DppoMask
            {
                Divergence = TokenDivergence.BinaryKl,
                Low = 0.05,
                High = 0.05,
            },
            new DroPenalty { Beta = 0.5 },
        ];

    [Theory]
    [MemberData(nameof(Regions))]
    public void Any_trust_region_has_the_slope_of_its_value(TrustRegion region) =>
        ForAllBatches(
            new PolicyObjective
            {
                Name = $"{region}",
                Advantage = new GroupMean(),
                Clip = region,
            }
        );

    public static TheoryData<Ratio, TrustRegion> SequenceRegions =>
        new()
        {
            { Ratio.SequenceMean, new GmpoClip(0.1, 0.1) },
            { Ratio.SequenceProduct, new GmpoClip(0.1, 0.1) },
            {
                Ratio.SequenceMean,
                new GmpoClip(0.3, 0.3) { WholeResponse = true }
            },
            { Ratio.SequenceProduct, new VespoWeight() },
        };

    [Theory]
    [MemberData(nameof(SequenceRegions))]
    public void Regions_of_whole_responses_have_the_slope_of_their_value(Ratio ratio, TrustRegion region) =>
        ForAllBatches(
            new PolicyObjective
            {
                Name = $"{region}",
                Advantage = new GroupMean(),
                Ratio = ratio,
                Clip = region,
                Aggregation = Aggregation.SequenceMean,
            }
        );

    public static TheoryData<Advantage> Estimators =>
        [
            new RewardOnly { Baseline = 0.5 },
            new BatchMean(),
            new RunningMean { Baseline = 0.2 },
            new GroupMeanBatchStd(),
            new LeaveOneOut(),
            new LengthWeightedMean(),
            new Gpg(),
            new MaxRl { Epsilon = 5 },
            new BestOfGroup(),
            new NormalizedRewardSum { Normalize = new() },
            new RewardToGo { Gamma = 0.9, Whiten = new() },
            new GreedyBaseline(),
            new Gae { Gamma = 0.99 },
            new GroupMean
            {
                Gamma = 0.9,
                Whiten = new() { Ddof = 0, EpsilonIsFloor = true },
            },
        ];

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Any_advantage_is_a_constant_for_the_derivative(Advantage advantage) =>
        ForAllBatches(Algorithms.Grpo with { Name = $"GRPO with {advantage}", Advantage = advantage });

    [Fact]
    public void Filters_and_corrections_scale_value_and_weight_alike()
    {
        ForAllBatches(
            Algorithms.Grpo with
            {
                Name = "filtered",
                Filters = new()
                {
                    TopEntropy = 0.4,
                    DropTruncated = true,
                    DropSilentGroups = true,
                },
            }
        );
        ForAllBatches(
            Algorithms.Grpo with
            {
                Name = "tis",
                Correction = new TruncatedCorrection { Low = 0.9, High = 1.1 },
            }
        );
        ForAllBatches(
            Algorithms.Grpo with
            {
                Name = "icepop",
                Correction = new MaskedCorrection { Low = 0.9, High = 1.1 },
            }
        );
        ForAllBatches(
            Algorithms.Grpo with
            {
                Name = "sequence",
                Correction = new SequenceCorrection { High = 1.1 },
            }
        );
    }

    [Fact]
    public void The_entropy_weight_is_the_derivative_with_respect_to_entropy() =>
        Prop.ForAll<ulong>(seed =>
            {
                var objective = Algorithms.Grpo with
                {
                    Name = "GRPO with entropy",
                    Entropy = new() { Coefficient = 0.3 },
                };
                var batch = RandomBatch.Of(seed);
                Derivative.AgreesWithWeight(
                    objective,
                    batch,
                    (b, token, by) => b with { Entropies = Nudged(b.Entropies!, token, by) },
                    objective.Evaluate(batch).EntropyWeight
                );
            })
            .Check(Cases);

    [Fact]
    public void The_value_weight_is_the_derivative_with_respect_to_the_value() =>
        Prop.ForAll<ulong>(seed =>
            {
                var batch = RandomBatch.Of(seed);
                Derivative.AgreesWithWeight(
                    Algorithms.Ppo,
                    batch,
                    (b, token, by) => b with { Values = Nudged(b.Values!, token, by) },
                    Algorithms.Ppo.Evaluate(batch).ValueWeight
                );
            })
            .Check(Cases);

    public static TheoryData<PreferenceLoss> PairLosses =>
        [
            new DpoLoss { Beta = 0.5, LabelSmoothing = 0.1 },
            new DpoLoss { Divergence = RewardDivergence.ForwardKl },
            new DpoLoss { Divergence = RewardDivergence.JensenShannon },
            new IpoLoss(),
            new IpoLoss { PerToken = true },
            new HingeLoss { Beta = 1 },
            new RobustDpoLoss(),
            new ApoLoss(),
            new ApoLoss { Down = true },
            new SppoLoss(),
            new NcaLoss(),
            new ExoLoss(),
            new DiscoPopLoss(),
        ];

    [Theory]
    [MemberData(nameof(PairLosses))]
    public void Any_preference_loss_pushes_by_its_numerical_derivative(PreferenceLoss loss)
    {
        ForAllBatches(Algorithms.Dpo with { Name = $"{loss}", Loss = loss });
        ForAllBatches(Algorithms.Dpo with { Name = $"{loss}, every pair", Loss = loss, Pairs = PairSelection.EveryPair });
    }

    private static TokenColumn Nudged(TokenColumn column, int token, double by)
    {
        var values = column.Values.ToArray();
        values[token] += by;
        return new TokenColumn(column.Layout, values);
    }
}
