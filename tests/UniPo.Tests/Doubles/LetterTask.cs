namespace UniPo.Tests;

/// <summary>
/// Name the letter of a number: 0 is a, 1 is b … Small enough for <see cref="BigramPolicy"/>, and a task of one's own in ten
/// lines.
/// </summary>
internal sealed class LetterTask : ITask
{
    public string Name => "letters";
    public string Description => "Answer 0 with a, 1 with b and so on; reward 1 for the right letter, else 0.";
    public Vocabulary Vocabulary { get; } = Vocabulary.OfCharacters("01234abcde");
    public int MaxTokens { get; init; } = 3;
    public IReadOnlyList<Prompt> TrainingPrompts { get; init; } =
    [new("0", "a"), new("1", "b"), new("2", "c"), new("3", "d"), new("4", "e")];

    /// <summary>The last digit counts, so that a policy that looks at one symbol can answer them.</summary>
    public IReadOnlyList<Prompt> HeldOutPrompts { get; } =
    [new("10", "a"), new("21", "b"), new("32", "c"), new("43", "d"), new("04", "e")];
    public Func<Prompt, Completion, double> Score { get; init; } =
        (prompt, completion) => completion.Text == prompt.Answer && !completion.Truncated ? 1 : 0;

    public double Reward(Prompt prompt, Completion completion) => Score(prompt, completion);
}
