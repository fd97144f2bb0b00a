namespace UniPo;

/// <summary>What a task's own code did wrong, with prompt and response named.</summary>
internal sealed class TaskFaultException(string message, Exception inner) : Exception(message, inner);

/// <summary>A task whose faults name the task, the prompt and the response: a stack trace alone does not lead to them.</summary>
internal sealed class GuardedTask(ITask task) : ITask
{
    private const int LongestShown = 80;

    public string Name => task.Name;

    public string Description => task.Description;

    public Vocabulary? Vocabulary => task.Vocabulary;

    public int MaxTokens => task.MaxTokens;

    public IReadOnlyList<Prompt> TrainingPrompts => task.TrainingPrompts;

    public IReadOnlyList<Prompt> HeldOutPrompts => task.HeldOutPrompts;

    public IReadOnlyList<string> RewardNames => task.RewardNames;

    public double Reward(Prompt prompt, Completion completion) =>
        Guard("score", prompt, completion, () => task.Reward(prompt, completion));

    public IReadOnlyList<double> RewardParts(Prompt prompt, Completion completion) =>
        Guard("score the parts of", prompt, completion, () => task.RewardParts(prompt, completion));

    public IReadOnlyList<double> RewardConfidences(Prompt prompt, Completion completion) =>
        Guard("say how sure it is of", prompt, completion, () => task.RewardConfidences(prompt, completion));

    public IEnumerable<string> RightResponses(Prompt prompt)
    {
        using var responses = Guard("list", prompt, null, () => task.RightResponses(prompt).GetEnumerator());
        while (Guard("list", prompt, null, responses.MoveNext))
            yield return responses.Current;
    }

    private T Guard<T>(string act, Prompt prompt, Completion? completion, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is not OperationCanceledException) // the task is somebody else's code: whatever it throws is its fault
        {
            var what = completion is { } given ? $"the response \"{Short(given.Text)}\"" : "the right responses";
            throw new TaskFaultException(
                $"the task '{Short(task.Name)}' could not {act} {what} to the prompt \"{Short(prompt.Text)}\": {e.GetType().Name}: {e.Message}",
                e
            );
        }
    }

    private static string Short(string text) => text.Length <= LongestShown ? text : $"{text[..LongestShown]}…";
}
