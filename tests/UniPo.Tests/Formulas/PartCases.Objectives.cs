namespace UniPo.Tests;

// Everything besides advantage, ratio, region, aggregation and KL: gates, critics, preferences and imitation.
internal static partial class PartCases
{
    private static IEnumerable<Objective> Gates() =>
        [
            _base with
            {
                Name = "entropy bonus",
                Entropy = new() { Coefficient = 0.1 },
            },
            _base with
            {
                Name = "entropy bonus of kept tokens",
                Entropy = new() { Coefficient = 0.1, KeptTokensOnly = true },
                Filters = new() { TopEntropy = 0.4 },
            },
            _base with
            {
                Name = "filters of responses",
                Filters = new() { DropTruncated = true, DropSilentGroups = true },
            },
            _base with
            {
                Name = "filters of tokens",
                Filters = new() { TopEntropy = 0.5, OffPolicyLimit = 0.05 },
                Kl = Kl.InLoss(0.2),
            },
            _base with
            {
                Name = "correction truncated",
                Correction = new TruncatedCorrection { Low = 0.9, High = 1.1 },
            },
            _base with
            {
                Name = "correction masked",
                Correction = new MaskedCorrection { Low = 0.9, High = 1.1 },
            },
            _base with
            {
                Name = "correction sequence",
                Correction = new SequenceCorrection { High = 1.2 },
            },
            _base with
            {
                Name = "correction sequence per token",
                Correction = new SequenceCorrection
                {
                    Low = 0.9,
                    High = 1.1,
                    PerToken = true,
                },
                Filters = new() { OffPolicyLimit = 0 },
            },
            _base with
            {
                Name = "reward KL and rewards to go",
                Kl = Kl.InReward(0.2),
                Advantage = new RewardToGo { Gamma = 0.9 },
            },
            _base with
            {
                Name = "reward KL and greedy baseline",
                Kl = Kl.InReward(0.2),
                Advantage = new GreedyBaseline { PenaltyToGo = false },
            },
            _base with
            {
                Name = "reward KL, greedy, discounted",
                Kl = Kl.InReward(0.2),
                Advantage = new GreedyBaseline { Gamma = 0.9, Range = new(-0.5, 0.5) },
            },
            _base with
            {
                Name = "discounted, KL after the baseline",
                Kl = Kl.InReward(0.3) with { AfterBaseline = true },
                Advantage = new GroupMean { Gamma = 0.9, Whiten = new() },
            },
        ];

    private static IEnumerable<Objective> Critics()
    {
        var critic = _base with
        {
            Advantage = new Gae { Gamma = 0.9 },
            Value = new() { Coefficient = 0.5 },
        };
        yield return critic with
        {
            Name = "critic",
        };
        yield return critic with
        {
            Name = "critic whitened",
            Advantage = new Gae
            {
                Whiten = new(),
                WhitenRewards = new() { ShiftMean = false },
            },
        };
        yield return critic with
        {
            Name = "critic, masked as zero",
            Advantage = new Gae { Gamma = 0.9, MaskedTokens = MaskedTokens.Zero },
            Value = new() { ClipRange = null },
        };
        yield return critic with
        {
            Name = "critic, masked kept",
            Advantage = new Gae { Gamma = 0.9, MaskedTokens = MaskedTokens.Keep },
            Value = new() { Aggregation = Aggregation.TokenMean },
        };
        yield return critic with
        {
            Name = "critic, KL in the reward",
            Kl = Kl.InReward(0.2),
        };
    }

    private static IEnumerable<Objective> Pairs()
    {
        PreferenceLoss[] losses =
        [
            new DpoLoss(),
            new DpoLoss { LabelSmoothing = 0.1 },
            new DpoLoss { Divergence = RewardDivergence.ForwardKl },
            new DpoLoss { Divergence = RewardDivergence.JensenShannon },
            new IpoLoss { PerToken = true },
            new IpoLoss(),
            new HingeLoss { Beta = 0.3 },
            new SppoLoss(),
            new ExoLoss(),
            new NcaLoss(),
            new RobustDpoLoss(),
            new ApoLoss(),
            new ApoLoss { Down = true },
            new DiscoPopLoss(),
        ];
        foreach (var (loss, n) in losses.Select((l, n) => (l, n)))
            yield return new PreferenceObjective
            {
                Name = $"preference {n} {loss.GetType().Name}",
                Loss = loss,
                Pairs = n % 2 == 0 ? PairSelection.BestAgainstWorst : PairSelection.EveryPair,
            };
        yield return new PreferenceObjective
        {
            Name = "preference without reference",
            Loss = new DpoLoss(),
            WithoutReference = true,
        };
    }

    private static IEnumerable<Objective> Imitations() =>
        [
            new ImitationObjective { Name = "imitate all" },
            new ImitationObjective
            {
                Name = "imitate the best",
                Selection = ResponseSelection.BestOfN,
                Aggregation = Aggregation.SequenceMean,
            },
            new ImitationObjective
            {
                Name = "imitate the good",
                Selection = ResponseSelection.AtLeast(0.2),
                Aggregation = Aggregation.SequenceSum,
            },
        ];
}
