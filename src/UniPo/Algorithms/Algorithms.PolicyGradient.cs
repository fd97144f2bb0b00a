namespace UniPo;

public static partial class Algorithms
{
    /// <summary>REINFORCE: the reward of a response pushes all of its tokens.</summary>
    public static PolicyObjective Reinforce { get; } =
        new()
        {
            Name = "REINFORCE",
            Year = 1992,
            Paper =
                "Williams, Simple statistical gradient-following algorithms for connectionist reinforcement learning, Machine Learning 8",
            Why = "The gradient of an expected reward can be estimated from samples alone: push what was rewarded.",
            Advantage = new RewardOnly(),
            Ratio = Ratio.None,
            Clip = Clip.None,
            Aggregation = Aggregation.SequenceSum,
            Kl = Kl.None,
        };

    /// <summary>REINFORCE with a baseline: what counts is being better than usual.</summary>
    public static PolicyObjective ReinforceBaseline { get; } =
        Reinforce with
        {
            Name = "REINFORCE with baseline",
            Paper = "Williams 1992, section 4; Greensmith et al., Variance reduction techniques for gradient estimates, JMLR 5",
            Why =
                "A number that does not depend on the response can be subtracted from every reward: the gradient stays right and its variance falls.",
            Advantage = new BatchMean(),
        };

    /// <summary>RLOO: the baseline of a response is the mean of the others to the same prompt.</summary>
    public static PolicyObjective Rloo { get; } =
        Reinforce with
        {
            Name = "RLOO",
            Year = 2024,
            Paper =
                "Ahmadian et al., Back to basics: revisiting REINFORCE style optimization for learning from human feedback, arXiv 2402.14740",
            Why =
                "PPO's critic and clip are more than fine-tuning needs; leaving one out makes the other samples an unbiased baseline.",
            Advantage = new LeaveOneOut(),
            Kl = Kl.InReward(0.05),
        };

    /// <summary>ReMax: the baseline is the reward of the greedy response.</summary>
    public static PolicyObjective ReMax { get; } =
        Reinforce with
        {
            Name = "ReMax",
            Year = 2023,
            Paper =
                "Li et al., ReMax: a simple, effective, and efficient reinforcement learning method for aligning large language models, arXiv 2310.10505",
            Why =
                "One greedy response a prompt says what the policy can do already, for the price of one more sample and no critic.",
            Advantage = new GreedyBaseline(),
            Kl = Kl.InReward(0.05),
            Sampling = new() { GreedyRollout = true },
        };

    /// <summary>REINFORCE++: no groups; advantages of all tokens of the batch are brought to mean 0 and spread 1.</summary>
    public static PolicyObjective ReinforcePlusPlus { get; } =
        new()
        {
            Name = "REINFORCE++",
            Year = 2025,
            Paper =
                "Hu et al., REINFORCE++: stabilizing critic-free policy optimization with global advantage normalization, arXiv 2501.03262",
            Why = "Normalising within a small group is biased and noisy; the whole batch gives a steadier mean and spread.",
            Advantage = new RewardToGo { Whiten = new() },
            Clip = Clip.Symmetric(0.2),
            Kl = Kl.InReward(0.01),
        };

    /// <summary>OPO: exactly on-policy, with the baseline of least variance.</summary>
    public static PolicyObjective Opo { get; } =
        Reinforce with
        {
            Name = "OPO",
            Year = 2025,
            Paper = "Hao et al., On-policy RL with optimal reward baseline, arXiv 2505.23585",
            Why =
                "If every response is used once, neither ratio nor clip is needed, and the best baseline weighs rewards by length.",
            Advantage = new LengthWeightedMean(),
            Aggregation = Aggregation.TokenMean,
        };

    /// <summary>TRPO: as far along the natural gradient as the mean KL to the old policy allows.</summary>
    public static PolicyObjective Trpo { get; } =
        new()
        {
            Name = "TRPO",
            Year = 2015,
            Paper = "Schulman et al., Trust region policy optimization, arXiv 1502.05477",
            Why = "A step that looks small in parameters can be large in behaviour; bounding the KL bounds what is put at risk.",
            Advantage = new Gae { Whiten = new() },
            Value = new ValueLoss { ClipRange = null },
            Sampling = new() { NeedsCritic = true },
            Step = new TrustRegionStep(),
        };

    /// <summary>PPO: a critic, one ratio a token, and a clip instead of TRPO's constraint.</summary>
    public static PolicyObjective Ppo { get; } =
        new()
        {
            Name = "PPO",
            Year = 2017,
            Paper =
                "Schulman et al., Proximal policy optimization algorithms, arXiv 1707.06347; for language models Ouyang et al. 2022",
            Why =
                "TRPO's constraint is dear; a clip of the ratio keeps steps small with plain gradients, so responses can be used several times.",
            Advantage = new Gae { Whiten = new() },
            Clip = Clip.Symmetric(0.2),
            Kl = Kl.InReward(0.05),
            Value = new ValueLoss(),
            Sampling = new() { NeedsCritic = true, Passes = 4 },
        };
}
