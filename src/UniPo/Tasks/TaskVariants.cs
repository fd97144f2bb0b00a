namespace UniPo;

/// <summary>Changes to a task that show what training can and cannot do.</summary>
public static class TaskVariants
{
    /// <summary>The same task with only a few training prompts: enough to be learned by heart, too few to learn from.</summary>
    /// <param name="task">Any task.</param>
    /// <param name="pool">Training prompts to keep, in 1..<see cref="ITask.TrainingPrompts"/>.</param>
    public static ITask WithPool(this ITask task, int pool)
    {
        ArgumentNullException.ThrowIfNull(task);
        var count = task.TrainingPrompts.Count;
        if (pool < 1 || pool > count)
            throw new ArgumentOutOfRangeException(
                nameof(pool),
                $"The pool must lie in 1..{count}, the training prompts of '{task.Name}', but was {pool}."
            );
        return new Variant(task, $"{task.Name} (pool of {pool})") { TrainingPrompts = [.. task.TrainingPrompts.Take(pool)] };
    }

    /// <summary>
    /// The same task with a constant added to every reward: it changes no preference, but it shows why a baseline is needed.
    /// </summary>
    /// <param name="task">Any task.</param>
    /// <param name="offset">A finite number; 5 turns rewards of 0 and 1 into 5 and 6.</param>
    public static ITask WithRewardOffset(this ITask task, double offset)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!double.IsFinite(offset))
            throw new ArgumentOutOfRangeException(nameof(offset), $"The reward offset must be finite, but was {offset}.");
        return new Variant(task, FormattableString.Invariant($"{task.Name} (reward {offset:+0.###;-0.###;+0})"))
        {
            RewardOffset = offset,
        };
    }

    /// <summary>The same task with another limit on the length of a response.</summary>
    /// <param name="task">Any task.</param>
    /// <param name="maxTokens">Tokens, the closing symbol included; at least 1.</param>
    public static ITask WithMaxTokens(this ITask task, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (maxTokens < 1)
            throw new ArgumentOutOfRangeException(nameof(maxTokens), $"MaxTokens must be at least 1, but was {maxTokens}.");
        return new Variant(task, $"{task.Name} (at most {maxTokens} tokens)") { MaxTokens = maxTokens };
    }

    private sealed class Variant(ITask task, string name) : ITask
    {
        public string Name => name;

        public string Description => task.Description;

        public Vocabulary? Vocabulary => task.Vocabulary;

        public int MaxTokens { get; init; } = task.MaxTokens;

        public IReadOnlyList<Prompt> TrainingPrompts { get; init; } = task.TrainingPrompts;

        public IReadOnlyList<Prompt> HeldOutPrompts => task.HeldOutPrompts;

        public double RewardOffset { get; init; }

        public IReadOnlyList<string> RewardNames => task.RewardNames;

        public double Reward(Prompt prompt, Completion completion) => task.Reward(prompt, completion) + RewardOffset;

        public IReadOnlyList<double> RewardParts(Prompt prompt, Completion completion) => task.RewardParts(prompt, completion);

        public IReadOnlyList<double> RewardConfidences(Prompt prompt, Completion completion) =>
            task.RewardConfidences(prompt, completion);

        /// <summary>A tighter length limit makes the longest right responses impossible.</summary>
        public IEnumerable<string> RightResponses(Prompt prompt) =>
            task.RightResponses(prompt).Where(text => Vocabulary is null || Vocabulary.Encode(text).Length + 1 <= MaxTokens);

        public override string ToString() => $"{Name}: {Description}";
    }
}
