namespace UniPo;

/// <summary>Prompts with a reward that a program can verify. Implement it to train on a task of your own.</summary>
public interface ITask
{
    /// <summary>Short name, as the command line and logs write it.</summary>
    string Name { get; }

    /// <summary>One sentence: what is asked, and what is rewarded.</summary>
    string Description { get; }

    /// <summary>The symbols of prompts and responses.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Longest response in tokens, the closing symbol included; at least 1.</summary>
    int MaxTokens { get; }

    /// <summary>Prompts for training.</summary>
    IReadOnlyList<Prompt> TrainingPrompts { get; }

    /// <summary>Prompts that training never sees; disjoint from <see cref="TrainingPrompts"/>.</summary>
    IReadOnlyList<Prompt> HeldOutPrompts { get; }

    /// <summary>The reward of one response; any finite number, usually 0 or 1.</summary>
    double Reward(Prompt prompt, Completion completion);
}
