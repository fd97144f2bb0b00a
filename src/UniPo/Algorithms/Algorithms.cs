namespace UniPo;

/// <summary>The algorithms of the field, each a value put together from the same parts.</summary>
public static class Algorithms
{
    /// <summary>REINFORCE: the reward of a response pushes all of its tokens.</summary>
    public static PolicyObjective Reinforce { get; } = new()
    {
        Name = "REINFORCE",
        Paper = "Williams, Simple statistical gradient-following algorithms for connectionist reinforcement learning, Machine Learning 8",
        Year = 1992,
        Why = "The gradient of an expected reward can be estimated from samples alone: push what was rewarded.",
        Advantage = new RewardOnly(),
        Ratio = Ratio.None,
        Clip = Clip.None,
        Aggregation = Aggregation.SequenceSum,
        Sampling = new() { GroupSize = 1 },
    };

    /// <summary>GRPO: responses to the same prompt are each other's baseline; no critic is needed.</summary>
    public static PolicyObjective Grpo { get; } = new()
    {
        Name = "GRPO",
        Paper = "Shao et al., DeepSeekMath: pushing the limits of mathematical reasoning in open language models, arXiv 2402.03300",
        Year = 2024,
        Why = "A critic as large as the policy is expensive; the other answers to the same prompt say just as well what was to be expected.",
        Advantage = new GroupMeanStd(),
        Ratio = Ratio.Token,
        Clip = Clip.Symmetric(0.2),
        Aggregation = Aggregation.SequenceMean,
        Kl = Kl.InLoss(0.04),
        Sampling = new() { GroupSize = 8 },
    };
}
