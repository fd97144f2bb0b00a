namespace UniPo.Tests;

/// <summary>A task in plain text, without a vocabulary of its own.</summary>
internal sealed class CheerTask : ITask
{
    public string Name => "cheer";
    public string Description => "Answer every question with a thumb up.";
    public int MaxTokens => 6;
    public IReadOnlyList<Prompt> TrainingPrompts { get; } = [new("a?", "👍"), new("b?", "👍")];
    public IReadOnlyList<Prompt> HeldOutPrompts => TrainingPrompts;

    public double Reward(Prompt prompt, Completion completion) => completion.Text == prompt.Answer ? 1 : 0;
}
