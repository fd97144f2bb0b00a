namespace UniPo;

public static partial class Algorithms
{
    /// <summary>Supervised fine-tuning: make every given response likelier.</summary>
    public static ImitationObjective Sft { get; } =
        new()
        {
            Name = "SFT",
            Year = 2022,
            Paper =
                "Ouyang et al., Training language models to follow instructions with human feedback, arXiv 2203.02155, section 3.5",
            Why = "The plainest way to teach: show good responses and make each of their tokens likelier.",
        };

    /// <summary>
    /// Rejection sampling: imitate one's own responses that were right. Best-of-n:
    /// <c>with { Selection = ResponseSelection.BestOfN }</c>.
    /// </summary>
    public static ImitationObjective RejectionSampling { get; } =
        new()
        {
            Name = "Rejection sampling",
            Year = 2022,
            Paper =
                "Zelikman et al., STaR: bootstrapping reasoning with reasoning, arXiv 2203.14465; Dong et al., RAFT, arXiv 2304.06767",
            Why = "Nobody has to write good responses when the policy's own can be checked; what was wrong teaches nothing yet.",
            Selection = ResponseSelection.AtLeast(1),
        };

    /// <summary>DPO: from pairs of responses, without a reward model and without sampling.</summary>
    public static PreferenceObjective Dpo { get; } =
        new()
        {
            Name = "DPO",
            Year = 2023,
            Paper = "Rafailov et al., Direct preference optimization, arXiv 2305.18290",
            Why =
                "The best policy under a KL penalty has a closed form, so preferences can be learnt from as if by classification.",
            Loss = new DpoLoss { Beta = 0.1 },
        };

    /// <summary>IPO: DPO with a goal for the margin.</summary>
    public static PreferenceObjective Ipo { get; } =
        Dpo with
        {
            Name = "IPO",
            Paper = "Azar et al., A general theoretical paradigm to understand learning from human preferences, arXiv 2310.12036",
            Why =
                "When all preferences agree, DPO's margin grows for ever and the KL penalty is forgotten; a squared loss gives it a goal.",
            Loss = new IpoLoss { Beta = 0.1 },
        };
}
