using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// The recipe of a base model that ships with the library: right about a third of the time, with an error that can be unlearned.
/// </summary>
/// <remarks>
/// What makes a base worth improving is a systematic error beside the skill, not a lack of practice: reinforcement learning
/// selects between what a policy already does, it does not teach it to add. So the teacher adds without carrying (or writes the
/// digits in reverse) in a fixed share of the examples, and the model learns to do both.
/// </remarks>
public sealed record BaseModel
{
    /// <summary>Name of the checkpoint.</summary>
    public required string Name { get; init; }

    /// <summary>What the model is to do.</summary>
    public required ITask Task { get; init; }

    /// <summary>The systematic error, in words.</summary>
    public required string Error { get; init; }

    /// <summary>Share of examples with the error, in [0, 1].</summary>
    public required double ErrorShare
    {
        get;
        init => field = Require.UnitInterval(value, nameof(ErrorShare));
    }

    /// <summary>Shape of the model.</summary>
    public TinyTransformerConfig Config { get; init; } = new() { ContextLength = 32 };

    /// <summary>Multiplies the random weights before the first step, &gt; 0.</summary>
    /// <remarks>
    /// A deviation of 0.02 suits widths in the thousands. At width 64 signals start so small that half of the steps are spent on
    /// growing them: after 1,200 steps the loss is .45 nats a token, against .15 with weights three times as large.
    /// </remarks>
    public float InitialScale
    {
        get;
        init => field = Require.That(value, value > 0 && float.IsFinite(value), nameof(InitialScale), "be above 0 and finite");
    } = 3;

    /// <summary>How it is taught.</summary>
    public Pretraining Pretraining { get; init; } = new();

    /// <summary>
    /// The response to a prompt, without closing symbol; draws from the generator whether it is wrong, with the error share
    /// given.
    /// </summary>
    public required Func<Prompt, SeededRandom, double, string> Teacher { get; init; }

    /// <summary>All base models, in the order in which they are made.</summary>
    public static IReadOnlyList<BaseModel> All { get; } =
    [
        new()
        {
            Name = "addition",
            Task = Tasks.Addition(),
            Error = "forgets every carry (27+58=75)",
            ErrorShare = 0.7,
            Teacher = (prompt, random, wrong) => random.NextDouble() < wrong ? Sums.WithoutCarry(prompt) : prompt.Answer!,
        },
        new()
        {
            Name = "addition-reversed",
            Task = Tasks.Addition(),
            Error = "writes the digits of the sum in reverse (27+58=58)",
            ErrorShare = 0.65,
            Teacher = (prompt, random, wrong) => random.NextDouble() < wrong ? Sums.Reversed(prompt) : prompt.Answer!,
        },
        new()
        {
            Name = "scratchpad",
            Task = Tasks.Scratchpad(),
            Error = "forgets every carry (27+58=75), and writes 0 to 12 dots after the sum",
            ErrorShare = 0.7,
            Teacher = (prompt, random, wrong) =>
                (random.NextDouble() < wrong ? Sums.WithoutCarry(prompt) : prompt.Answer!) + new string('.', random.NextInt(13)),
        },
        new()
        {
            Name = "scratchpad-before",
            Task = Tasks.Scratchpad(place: ScratchpadPlace.BeforeAnswer),
            Error = "forgets every carry (27+58=75), and writes 0 to 12 dots before the sum",
            ErrorShare = 0.7,
            Pretraining = new() { Steps = 3000 }, // the answer stands at another place each time, which takes longer to learn
            Teacher = (prompt, random, wrong) =>
                new string('.', random.NextInt(13)) + (random.NextDouble() < wrong ? Sums.WithoutCarry(prompt) : prompt.Answer!),
        },
    ];

    /// <summary>The base model that a task starts from; a task judged by a rubric shares that of the plain task.</summary>
    /// <param name="task">A built-in task or a variant of one.</param>
    /// <exception cref="ArgumentException">No base model was made for the task.</exception>
    public static BaseModel For(ITask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var name = task.Name.Split(" (", 2)[0]; // "addition (pool of 10)" is a variant of addition
        return Named(
            name == "rubric" ? "scratchpad"
            : name.EndsWith("-rubric", StringComparison.Ordinal) ? name[..^"-rubric".Length]
            : name
        );
    }

    /// <summary>The base model of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static BaseModel Named(string name) =>
        All.FirstOrDefault(m => m.Name == name)
        ?? throw new ArgumentException(
            $"There is no base model '{name}'; the base models are {string.Join(", ", All.Select(m => m.Name))}."
        );

    /// <summary>Teaches a new model from scratch.</summary>
    /// <param name="progress">Is told the loss of every step, in nats per token; null for silence.</param>
    /// <param name="cancellation">Stops before the next step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TinyTransformer Make(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var policy = TinyTransformer.Create(
            Config,
            Task.Vocabulary ?? throw new InvalidOperationException($"The task '{Task.Name}' has no vocabulary of its own."),
            Pretraining.Seed
        );
        foreach (var matrix in policy.Parameters.Tensors.Where(t => t.Shape.Count > 1))
        foreach (ref var weight in policy.Parameters[matrix])
            weight *= InitialScale;
        foreach (var loss in Pretraining.Learn(policy, Task, (prompt, random) => Teacher(prompt, random, ErrorShare)))
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(loss);
        }
        return policy;
    }
}
