namespace UniPo;

/// <summary>Judges a task's responses by a rubric instead of by one reward.</summary>
public static class RubricTask
{
    /// <summary>
    /// The same prompts with a rubric: each item is a part of the reward, with the judge's confidence beside it.
    /// </summary>
    /// <param name="task">Prompts and right answers.</param>
    /// <param name="rubric">What a good response is.</param>
    /// <param name="name">Name of the new task; null for the old one's with "-rubric" behind it.</param>
    public static ITask WithRubric(this ITask task, Rubric rubric, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rubric);
        return new Judged(task, rubric, name ?? task.Name + "-rubric");
    }

    private sealed record Judged(ITask Task, Rubric Rubric, string Name) : ITask
    {
        public string Description => $"{Task.Description} Judged by a rubric: {string.Join(", ", RewardNames)}.";

        public Vocabulary? Vocabulary => Task.Vocabulary;

        public int MaxTokens => Task.MaxTokens;

        public IReadOnlyList<Prompt> TrainingPrompts => Task.TrainingPrompts;

        public IReadOnlyList<Prompt> HeldOutPrompts => Task.HeldOutPrompts;

        public IReadOnlyList<string> RewardNames { get; } = [.. Rubric.Items.Select(i => i.Name)];

        public double Reward(Prompt prompt, Completion completion) => Rubric.Score(prompt, completion);

        public IEnumerable<string> RightResponses(Prompt prompt) => Task.RightResponses(prompt);

        public IReadOnlyList<double> RewardParts(Prompt prompt, Completion completion) =>
            [.. Rubric.Items.Select(i => i.Checked(prompt, completion).Score)];

        public IReadOnlyList<double> RewardConfidences(Prompt prompt, Completion completion) =>
            [.. Rubric.Items.Select(i => i.Checked(prompt, completion).Confidence)];

        public override string ToString() => $"{Name}: {Description}";
    }
}
