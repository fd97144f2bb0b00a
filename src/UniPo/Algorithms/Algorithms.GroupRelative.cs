namespace UniPo;

public static partial class Algorithms
{
    /// <summary>GRPO: responses to the same prompt are each other's baseline; no critic is needed.</summary>
    public static PolicyObjective Grpo { get; } =
        new()
        {
            Name = "GRPO",
            Year = 2024,
            Paper =
                "Shao et al., DeepSeekMath: pushing the limits of mathematical reasoning in open language models, arXiv 2402.03300",
            Why =
                "A critic as large as the policy is expensive; the other answers to the same prompt say just as well what was to be expected.",
            Advantage = new GroupMeanStd(),
            Ratio = Ratio.Token,
            Clip = Clip.Symmetric(0.2),
            Aggregation = Aggregation.SequenceMean,
            Kl = Kl.InLoss(0.04),
        };

    /// <summary>DAPO: GRPO with a higher upper clip, a mean over tokens, no KL, and rules for what is sampled.</summary>
    /// <remarks>
    /// Over the tokens of the batch, as trainers ship it; the paper's equation divides per prompt: <see cref="GroupTokenMean"/>.
    /// The paper's soft penalty for long responses needs room before the length limit, so it is left to the task:
    /// <c>Sampling = Dapo.Sampling with { Overlong = new() { Buffer = 4 } }</c>.
    /// </remarks>
    public static PolicyObjective Dapo { get; } =
        Grpo with
        {
            Name = "DAPO",
            Year = 2025,
            Paper = "Yu et al., DAPO: an open-source LLM reinforcement learning system at scale, arXiv 2503.14476",
            Why =
                "Long answers lose exploration and sharpness under GRPO: rare tokens may not rise, long responses are judged too mildly, silent groups waste samples.",
            Clip = new Clip(low: 0.2, high: 0.28),
            Aggregation = Aggregation.TokenMean,
            Kl = Kl.None,
            Filters = new() { DropTruncated = true },
            Sampling = new() { RefillSilentGroups = true },
        };

    /// <summary>Dr. GRPO: GRPO without its two biases, the division by the spread and the one by the length.</summary>
    /// <remarks>
    /// The constant is the longest response allowed, which a sampled batch knows; <see cref="ConstantLength.Length"/> says
    /// another.
    /// </remarks>
    public static PolicyObjective DrGrpo { get; } =
        Grpo with
        {
            Name = "Dr. GRPO",
            Year = 2025,
            Paper = "Liu et al., Understanding R1-Zero-like training: a critical perspective, arXiv 2503.20783",
            Why =
                "Dividing by length lets wrong answers grow long, dividing by spread favours prompts that are too easy or too hard; leave both out.",
            Advantage = new GroupMean(),
            Aggregation = new ConstantLength(),
            Kl = Kl.None,
        };

    /// <summary>
    /// BNPO as TRL means it: GRPO with a mean over the tokens of each micro-batch. (The paper of that name normalises advantages
    /// by a beta distribution.)
    /// </summary>
    public static PolicyObjective Bnpo { get; } =
        Grpo with
        {
            Name = "BNPO",
            Year = 2025,
            Paper = "TRL, loss_type=\"bnpo\"; not Xiao et al., BNPO: beta normalization policy optimization, arXiv 2506.02864",
            Why =
                "A mean over the tokens at hand needs no count from other machines; its result depends on how the batch is cut.",
            Aggregation = new MicroBatchTokenMean(),
            Kl = Kl.None,
        };

    /// <summary>GSPO: one ratio and one clip for a whole response.</summary>
    public static PolicyObjective Gspo { get; } =
        Grpo with
        {
            Name = "GSPO",
            Year = 2025,
            Paper = "Zheng et al., Group sequence policy optimization, arXiv 2507.18071",
            Why =
                "Rewards judge whole responses, so the correction for a moved policy should, too; ratios of single tokens are noise that piles up.",
            Ratio = Ratio.SequenceMean,
            Clip = new Clip(low: 3e-4, high: 4e-4),
            Kl = Kl.None,
            Sampling = new() { MiniBatches = 4 },
        };

    /// <summary>CISPO: the clipped ratio is a weight, so that no token loses its gradient.</summary>
    public static PolicyObjective Cispo { get; } =
        Grpo with
        {
            Name = "CISPO",
            Year = 2025,
            Paper = "MiniMax, MiniMax-M1: scaling test-time compute efficiently with lightning attention, arXiv 2506.13585",
            Why = "Clips silence just the rare tokens at which reasoning turns; clip the weight instead of the gradient.",
            Clip = new CispoClip { Lowest = 0, Highest = 5 },
            Aggregation = Aggregation.TokenMean,
            Kl = Kl.None,
        };

    /// <summary>GMPO: the geometric instead of the arithmetic mean of token ratios, each clipped in log space.</summary>
    public static PolicyObjective Gmpo { get; } =
        Grpo with
        {
            Name = "GMPO",
            Year = 2025,
            Paper = "Zhao et al., Geometric-mean policy optimization, arXiv 2507.20673",
            Why =
                "A single extreme token ratio dominates an arithmetic mean; a geometric one stays calm and allows a wider clip.",
            Ratio = Ratio.SequenceMean,
            Clip = new GmpoClip(low: 0.4, high: 0.4),
            Kl = Kl.None,
        };

    /// <summary>SAPO: a soft gate instead of a clip.</summary>
    public static PolicyObjective Sapo { get; } =
        Grpo with
        {
            Name = "SAPO",
            Year = 2025,
            Paper = "Gao et al., Soft adaptive policy optimization, arXiv 2511.20347",
            Why =
                "A hard clip keeps a token fully or drops it altogether; a smooth gate lets go gradually, of bad tokens sooner.",
            Clip = new SapoGate { TauPositive = 1, TauNegative = 1.05 },
            Kl = Kl.None,
        };

    /// <summary>Clip-Cov: a few tokens that make entropy fall are taken out of each update.</summary>
    public static PolicyObjective ClipCov { get; } =
        Grpo with
        {
            Name = "Clip-Cov",
            Year = 2025,
            Paper = "Cui et al., The entropy mechanism of reinforcement learning for reasoning language models, arXiv 2505.22617",
            Why =
                "Entropy falls, and exploration ends, because of very few tokens whose probability and advantage are high together.",
            Clip = new ClipCov(),
            Aggregation = Aggregation.TokenMean,
            Kl = Kl.None,
        };

    /// <summary>KL-Cov: the same few tokens are held back by a penalty instead.</summary>
    public static PolicyObjective KlCov { get; } =
        ClipCov with
        {
            Name = "KL-Cov",
            Why = "Holding the tokens that make entropy fall near the old policy is gentler than dropping them.",
            Clip = new KlCov(),
        };

    /// <summary>GRAPE (our interpretation): GRPO on rubric rewards whose items weigh as much as their judges are sure.</summary>
    public static PolicyObjective Grape { get; } =
        Grpo with
        {
            Name = "GRAPE (our interpretation)",
            Year = 2025,
            Paper =
                "after Patel, Understanding reinforcement learning for model training, and future directions with GRAPE, arXiv 2509.04501, as secondary sources describe it",
            Why =
                "One number hides what was good about a response; a rubric says it item by item, and unsure judges should count for less.",
            Advantage = new RubricAdvantage(),
            Kl = Kl.None,
        };
}
