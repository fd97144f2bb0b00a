namespace UniPo;

/// <summary>Adding two numbers: the prompt is <c>27+58=</c>, the one right response is <c>85$</c>.</summary>
internal sealed class AdditionTask(int digits) : ITask
{
    private readonly (IReadOnlyList<Prompt> Training, IReadOnlyList<Prompt> HeldOut) _sums = Sums.Split(digits);

    public string Name => "addition";

    public string Description => $"Add two numbers of {digits} digits; reward 1 for exactly the right sum, else 0.";

    public Vocabulary Vocabulary => Sums.Vocabulary;

    /// <summary>A sum has at most one digit more than its operands; the closing symbol is a token too.</summary>
    public int MaxTokens => digits + 2;

    public IReadOnlyList<Prompt> TrainingPrompts => _sums.Training;

    public IReadOnlyList<Prompt> HeldOutPrompts => _sums.HeldOut;

    public double Reward(Prompt prompt, Completion completion) =>
        !completion.Truncated && completion.Text == prompt.Answer ? 1 : 0;

    public override string ToString() => $"{Name}: {Description}";
}
