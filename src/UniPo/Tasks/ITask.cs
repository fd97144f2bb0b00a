namespace UniPo;

/// <summary>Prompts with a reward that a program can verify. Implement it to train on a task of your own.</summary>
/// <remarks>Members with a default can be left out: a task of one reward and one right answer need not mention them.</remarks>
public interface ITask
{
    /// <summary>Short name, as the command line and logs write it.</summary>
    string Name { get; }

    /// <summary>One sentence: what is asked, and what is rewarded.</summary>
    string Description { get; }

    /// <summary>
    /// The symbols of prompts and responses; null (the default) for a task in plain text, which the policy's tokenizer encodes.
    /// </summary>
    Vocabulary? Vocabulary => null;

    /// <summary>Longest response in tokens, the closing symbol included; at least 1.</summary>
    int MaxTokens { get; }

    /// <summary>Prompts for training.</summary>
    IReadOnlyList<Prompt> TrainingPrompts { get; }

    /// <summary>Prompts that training never sees; disjoint from <see cref="TrainingPrompts"/>.</summary>
    IReadOnlyList<Prompt> HeldOutPrompts { get; }

    /// <summary>The reward of one response; any finite number, usually 0 or 1.</summary>
    double Reward(Prompt prompt, Completion completion);

    /// <summary>
    /// Every text that answers the prompt rightly, without the closing symbol; empty when they cannot be listed.
    /// </summary>
    /// <remarks>
    /// Their probabilities add up to the exact probability of a right answer. The default is the prompt's one answer.
    /// </remarks>
    IEnumerable<string> RightResponses(Prompt prompt) => prompt.Answer is null ? [] : [prompt.Answer];

    /// <summary>Names of the parts of the reward; empty when it has only one.</summary>
    IReadOnlyList<string> RewardNames => [];

    /// <summary>The parts of the reward in the order of <see cref="RewardNames"/>; empty when it has only one.</summary>
    IReadOnlyList<double> RewardParts(Prompt prompt, Completion completion) => [];

    /// <summary>How sure the judge of each part is, in [0, 1]; empty when all are certain.</summary>
    IReadOnlyList<double> RewardConfidences(Prompt prompt, Completion completion) => [];
}
