namespace UniPo.Torch;

/// <summary>A task whose questions are put in the frame of a chat.</summary>
internal sealed class FramedTask : ITask
{
    private readonly ITask _task;
    private readonly Dictionary<Prompt, Prompt> _plain = [];

    public FramedTask(ITask task, ChatTemplate template)
    {
        _task = task;
        TrainingPrompts = [.. task.TrainingPrompts.Select(p => Frame(p, template))];
        HeldOutPrompts = [.. task.HeldOutPrompts.Select(p => Frame(p, template))];
    }

    public string Name => _task.Name;

    public string Description => _task.Description;

    public int MaxTokens => _task.MaxTokens;

    public IReadOnlyList<Prompt> TrainingPrompts { get; }

    public IReadOnlyList<Prompt> HeldOutPrompts { get; }

    public IReadOnlyList<string> RewardNames => _task.RewardNames;

    public double Reward(Prompt prompt, Completion completion) => _task.Reward(Plain(prompt), completion);

    public IEnumerable<string> RightResponses(Prompt prompt) => _task.RightResponses(Plain(prompt));

    public IReadOnlyList<double> RewardParts(Prompt prompt, Completion completion) =>
        _task.RewardParts(Plain(prompt), completion);

    public IReadOnlyList<double> RewardConfidences(Prompt prompt, Completion completion) =>
        _task.RewardConfidences(Plain(prompt), completion);

    private Prompt Plain(Prompt prompt) => _plain.GetValueOrDefault(prompt, prompt);

    private Prompt Frame(Prompt prompt, ChatTemplate template)
    {
        var framed = prompt with { Text = template.Apply(prompt.Text) };
        _plain[framed] = prompt;
        return framed;
    }
}
