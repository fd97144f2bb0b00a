namespace UniPo.Tests;

/// <summary>Objectives that between them use every part of the library, in every form that changes its formula.</summary>
internal static partial class PartCases
{
    private static readonly PolicyObjective _base = Algorithms.Grpo with { Kl = Kl.None };

    public static IReadOnlyDictionary<string, Objective> All { get; } = Cases().ToDictionary(o => o.Name);

    private static IEnumerable<Objective> Cases() =>
        [
            .. Advantages().Select((a, n) => _base with { Name = $"advantage {n} {a.GetType().Name}", Advantage = a }),
            .. Ratios(),
            .. Regions(),
            .. Aggregations(),
            .. Penalties(),
            .. Gates(),
            .. Critics(),
            .. Pairs(),
            .. Imitations(),
        ];

    private static IEnumerable<Advantage> Advantages() =>
        [
            new RewardOnly(),
            new RewardOnly { Baseline = 0.3 },
            new GroupMean(),
            new GroupMean { Lone = LoneResponse.Reward },
            new GroupMeanStd(),
            new GroupMeanStd { Ddof = 0 },
            new GroupMeanStd { Lone = LoneResponse.Reward },
            new BatchMean(),
            new RunningMean { Baseline = 0.2 },
            new BestOfGroup(),
            new BestOfGroup { DivideByStd = false, Lone = LoneResponse.Reward },
            new LeaveOneOut(),
            new LeaveOneOut { Lone = LoneResponse.Reward },
            new LengthWeightedMean(),
            new Gpg(),
            new MaxRl { Epsilon = 3 },
            new GroupMeanBatchStd(),
            new NormalizedRewardSum(),
            new NormalizedRewardSum { Normalize = new() },
            new RubricAdvantage(),
            new RubricAdvantage { Confidence = ConfidencePool.Batch, Compare = new LeaveOneOut() },
            new RubricAdvantage { Confidence = ConfidencePool.Ignored, Weights = new(1, 3) },
            new RewardToGo(),
            new RewardToGo
            {
                Gamma = 0.9,
                Whiten = new() { CountEpsilon = 1e-8 },
            },
            new RewardToGo { StopAtMasked = true, Gamma = 0.5 },
            new GreedyBaseline(),
            new GreedyBaseline
            {
                Gamma = 0.9,
                Range = new(-0.5, 0.5),
                PaidAfterEnd = true,
            },
            new GroupMean { Whiten = new() },
            new GroupMean
            {
                Whiten = new()
                {
                    Ddof = 0,
                    EpsilonIsFloor = true,
                    ShiftMean = false,
                },
            },
            new GroupMean { Whiten = new() { DivideByStd = false } },
            new GroupMean { Gamma = 0.8, Range = new(-0.4, 0.4) },
            new GroupMean { RewardRange = new(-0.3, 0.3) },
            new LeaveOneOut { Normalize = new() },
        ];

    private static IEnumerable<Objective> Ratios() =>
        new Ratio[]
        {
            Ratio.Token,
            Ratio.SequenceMean,
            Ratio.SequenceProduct,
            Ratio.SequenceToken,
            new TokenRatio { LogClamp = 0.3 },
            new TokenRatio { OnPolicy = true },
            new SequenceMeanRatio { LogClamp = 0.1 },
            new SequenceProductRatio { LogClamp = 0.5 },
            new SequenceTokenRatio { LogCap = 0.05 },
        }
            .Select((r, n) => _base with { Name = $"ratio {n} {r.GetType().Name}", Ratio = r })
            .Append(_base with { Name = "ratio none", Ratio = Ratio.None, Clip = Clip.None });

    private static IEnumerable<Objective> Regions() =>
        new TrustRegion[]
        {
            Clip.None,
            Clip.Symmetric(0.2),
            new Clip(0.1, 0.3),
            new CappedClip(0.2, 0.2, 1.5),
            new CappedClip(0.2, 0.4, 1.1),
            new DualClip(0.2, 0.28, 1.5),
            new CispoClip(),
            new CispoClip { Lowest = 0.9, Highest = 1.2 },
            new SapoGate(),
            new GmpoClip(0.1, 0.2),
            new ClipCov { Share = 0.2, LowerBound = 0.01 },
            new KlCov { Share = 0.2 },
            new DppoMask { Low = 0.05, High = 0.05 },
            new DppoMask
            {
                Divergence = TokenDivergence.BinaryKl,
                Low = 0.02,
                High = 0.02,
                Cap = 1.1,
            },
            new DppoMask { Detached = false, Cap = double.PositiveInfinity },
            new DppoMask { Detached = false, Cap = 1.1 },
            new DroPenalty(),
            new VespoWeight(),
        }.Select(
            (c, n) =>
                _base with
                {
                    Name = $"region {n} {c.GetType().Name}",
                    Clip = c,
                    Ratio = c switch
                    {
                        GmpoClip => Ratio.SequenceMean,
                        VespoWeight => Ratio.SequenceProduct,
                        _ => Ratio.Token,
                    },
                }
        );

    private static IEnumerable<Objective> Aggregations() =>
        new Aggregation[]
        {
            Aggregation.TokenMean,
            Aggregation.SequenceMean,
            Aggregation.SequenceSum,
            Aggregation.TokenSum,
            new TokenSum { Scale = 2 },
            Aggregation.Constant(8),
            new ConstantLength(),
            new GroupTokenMean(),
            new MicroBatchTokenMean(),
            new SequenceMean { Rows = CountedRows.NonEmpty, Epsilon = 1e-8 },
            new SequenceSum { Rows = CountedRows.NonEmpty },
        }.Select((a, n) => _base with { Name = $"aggregation {n} {a.GetType().Name}", Aggregation = a });

    private static IEnumerable<Objective> Penalties() =>
        new Kl[]
        {
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
            Kl.InLoss(0.5, new K3Estimator { GradientOfK2 = true }),
            Kl.InReward(0.3),
            Kl.InReward(0.3) with
            {
                AfterBaseline = true,
            },
        }.Select((k, n) => _base with { Name = $"KL {n} {k.GetType().Name}", Kl = k });
}
