namespace UniPo;

/// <summary>
/// The built-in tasks. Each has a base model that is right less than half of the time: <c>BaseModel.For(task)</c>.
/// </summary>
public static class Tasks
{
    private static readonly Dictionary<string, Func<ITask>> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["addition"] = () => Addition(),
        ["scratchpad"] = () => Scratchpad(),
        ["rubric"] = () => Rubric(),
        ["scratchpad-before"] = () => Scratchpad(place: ScratchpadPlace.BeforeAnswer),
    };

    /// <summary>The names that <see cref="Named"/> understands.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    /// <summary>
    /// Adding two numbers: prompts such as <c>27+58=</c>, one right response <c>85$</c>, reward 1 or 0. A fifth of all sums is
    /// held out.
    /// </summary>
    /// <param name="digits">Digits of each operand, in 1..3. Two digits (10..99) give 8,100 sums.</param>
    /// <param name="pool">Training sums to keep; null for all. A pool of 10 is learned by heart within a hundred steps.</param>
    /// <param name="rewardOffset">Added to every reward; finite. It changes no preference, only the variance of a gradient
    /// without baseline.</param>
    public static ITask Addition(int digits = 2, int? pool = null, double rewardOffset = 0) =>
        Vary(new AdditionTask(digits), pool, rewardOffset);

    /// <summary>
    /// Addition with a free number of dots before or after the answer, so that the length of a response can drift.
    /// </summary>
    /// <param name="digits">Digits of each operand, in 1..3.</param>
    /// <param name="place">Where the dots stand.</param>
    /// <param name="maxTokens">Longest response in tokens; a longer one is cut off and earns nothing. At least
    /// <paramref name="digits"/> + 2.</param>
    /// <param name="pool">Training sums to keep; null for all.</param>
    /// <param name="rewardOffset">Added to every reward; finite.</param>
    public static ITask Scratchpad(
        int digits = 2,
        ScratchpadPlace place = ScratchpadPlace.AfterAnswer,
        int maxTokens = 24,
        int? pool = null,
        double rewardOffset = 0
    )
    {
        RequireKnown(place, nameof(place));
        if (maxTokens < digits + 2)
            throw new ArgumentOutOfRangeException(
                nameof(maxTokens),
                $"MaxTokens must be at least {digits + 2}, room for a sum and its closing symbol, but was {maxTokens}."
            );
        return Vary(new ScratchpadTask(digits, place, maxTokens), pool, rewardOffset);
    }

    /// <summary>
    /// Addition scored by a rubric of five items: format, right digits, exactness, brevity, and the verdict of a noisy judge.
    /// </summary>
    /// <remarks>
    /// Prompts and responses are those of the scratchpad. The reward is the plain mean of the items;
    /// <see cref="ITask.RewardParts"/> gives the items, <see cref="ITask.RewardConfidences"/> how sure each is.
    /// </remarks>
    /// <param name="judgeNoise">Standard deviation of the judge's error, at least 0, on a scale on which right is 1 and wrong is
    /// 0.</param>
    /// <param name="confidence">What the judge says about how sure it is.</param>
    public static ITask Rubric(double judgeNoise = 0.5, JudgeConfidence confidence = JudgeConfidence.Calibrated)
    {
        RequireKnown(confidence, nameof(confidence));
        var plain = Scratchpad();
        return plain.WithRubric(
            SumRubric.Create(plain.MaxTokens, Numerics.Require.NotNegative(judgeNoise, "JudgeNoise"), confidence),
            name: "rubric"
        );
    }

    /// <summary>Divides the prompts of a task of one's own at random into two parts without overlap.</summary>
    /// <param name="prompts">At least two different ones.</param>
    /// <param name="heldOut">Share that is held out, in (0, 1).</param>
    /// <param name="seed">Decides which; the same seed gives the same parts.</param>
    /// <exception cref="ArgumentException">There are fewer than two different prompts, or one has two answers.</exception>
    public static PromptSplit Split(IEnumerable<Prompt> prompts, double heldOut = 0.2, ulong seed = 0) =>
        PromptSplit.Of(prompts, heldOut, seed);

    /// <summary>A built-in task by the name the command line uses.</summary>
    /// <param name="name">One of <see cref="Names"/>; case does not matter.</param>
    /// <exception cref="ArgumentException">There is no task of that name.</exception>
    public static ITask Named(string name) =>
        Known.TryGetValue(name ?? "", out var create)
            ? create()
            : throw new ArgumentException($"There is no task '{name}'; the tasks are {string.Join(", ", Names)}.");

    private static void RequireKnown<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(
                name,
                $"{typeof(T).Name} must be one of {string.Join(", ", Enum.GetNames<T>())}, but was {value:D}."
            );
    }

    private static ITask Vary(ITask task, int? pool, double rewardOffset)
    {
        if (pool is { } size)
            task = task.WithPool(size);
        return rewardOffset == 0 ? task : task.WithRewardOffset(rewardOffset);
    }
}
