namespace UniPo;

/// <summary>Where the free-length scratchpad of dots stands.</summary>
public enum ScratchpadPlace
{
    /// <summary>After the answer, as a tail: <c>85....$</c>.</summary>
    AfterAnswer,

    /// <summary>Before the answer, as room to think: <c>....85$</c>.</summary>
    BeforeAnswer,
}

/// <summary>
/// Addition with as many dots as the policy likes: length is free, so it can drift, and a response can be cut off.
/// </summary>
/// <remarks>Dots earn nothing and cost nothing. What happens to their number is the objective's doing alone.</remarks>
internal sealed class ScratchpadTask(int digits, ScratchpadPlace place, int maxTokens) : ITask
{
    private readonly (IReadOnlyList<Prompt> Training, IReadOnlyList<Prompt> HeldOut) _sums = Sums.Split(digits);

    public string Name => place == ScratchpadPlace.AfterAnswer ? "scratchpad" : "scratchpad-before";

    public string Description =>
        $"Add two numbers of {digits} digits, with any number of dots {(place == ScratchpadPlace.AfterAnswer ? "after" : "before")} "
        + $"the answer; reward 1 for the right sum closed within {maxTokens} tokens, else 0.";

    public Vocabulary Vocabulary => Sums.Vocabulary;

    public int MaxTokens => maxTokens;

    public IReadOnlyList<Prompt> TrainingPrompts => _sums.Training;

    public IReadOnlyList<Prompt> HeldOutPrompts => _sums.HeldOut;

    public double Reward(Prompt prompt, Completion completion) =>
        !completion.Truncated && Answer(completion.Text) == prompt.Answer ? 1 : 0;

    /// <summary>The answer with 0, 1, 2 … dots, as many as the length limit leaves room for.</summary>
    public IEnumerable<string> RightResponses(Prompt prompt)
    {
        for (var dots = 0; prompt.Answer!.Length + dots + 1 <= maxTokens; dots++)
            yield return Write(prompt.Answer, dots);
    }

    public string Write(string answer, int dots) =>
        place == ScratchpadPlace.AfterAnswer ? answer + new string('.', dots) : new string('.', dots) + answer;

    public override string ToString() => $"{Name}: {Description}";

    private string Answer(string text) => place == ScratchpadPlace.AfterAnswer ? text.TrimEnd('.') : text.TrimStart('.');
}
