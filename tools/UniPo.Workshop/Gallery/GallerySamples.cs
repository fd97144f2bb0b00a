using UniPo.Interactive;

namespace UniPo.Workshop.Gallery;

/// <summary>
/// What the gallery shows: runs of the shipped base model, trained when they are first asked for, the same every time.
/// </summary>
internal sealed class GallerySamples(CancellationToken cancellationToken)
{
    private const ulong Seed = 7;

    private readonly Dictionary<string, object> _made = [];

    /// <summary>GRPO over its usual 150 steps, two on each rollout, so that ratios leave 1 and the clip has work.</summary>
    public TrainingRun Run =>
        Once("run", () => Train(Algorithms.Grpo, 150, Seed, new TrainerOptions { Passes = 2, LearningRate = 2e-4 }));

    /// <summary>
    /// A step on its second pass with small groups, where right and wrong answers stand together and bounds bite.
    /// </summary>
    public TrainingStep Step =>
        Once(
            "step",
            () =>
                Train(
                    Algorithms.Grpo,
                    40,
                    Seed,
                    new TrainerOptions
                    {
                        Passes = 2,
                        Prompts = 3,
                        Group = 6,
                        LearningRate = 4e-4,
                    }
                )
                    .Steps.Where(s => s.Pass > 0)
                    .MaxBy(s => Mixed(s.Report!.Batch) * 100 + s.Report.Clipped!.Count(c => c != ClipSide.None))!
        );

    /// <summary>Sixteen answers to one sum over a training.</summary>
    public TrainingRun Followed =>
        Once(
            "followed",
            () =>
                new Trainer(
                    TinyTransformer.Load("addition"),
                    Tasks.Addition(),
                    Algorithms.Grpo,
                    new TrainerOptions { Seed = Seed, TokensEvery = 0 }
                )
                    .Follow(150, new Prompt("99+58=", "157"))
                    .Group
        );

    /// <summary>The weights of <see cref="Step"/>.</summary>
    public TokenReport Report => Step.Report!;

    /// <summary>Three algorithms, five seeds each.</summary>
    public IReadOnlyList<TrainingRun> Seeds =>
        Once(
            "seeds",
            () =>
                (IReadOnlyList<TrainingRun>)
                    [
                        .. from objective in new Objective[] { Algorithms.Grpo, Algorithms.DrGrpo, Algorithms.Reinforce }
                        from seed in new ulong[] { 1, 2, 3, 4, 5 }
                        select Train(objective, 60, seed, new TrainerOptions { TokensEvery = 0, Group = 8 }),
                    ]
        );

    /// <summary>The first steps of the run, as they look while it is still going.</summary>
    public TrainingRun Beginning => Run with { Steps = [.. Run.Steps.Take(60)], After = null };

    /// <summary>Groups with right and wrong answers, those with both in numbers counted twice.</summary>
    private static int Mixed(RolloutBatch batch) =>
        batch.Groups.Sum(g => Math.Min(2, Math.Min(g.Responses.Count(r => r.Reward > 0), g.Responses.Count(r => r.Reward == 0))));

    private TrainingRun Train(Objective objective, int steps, ulong seed, TrainerOptions options)
    {
        var policy = TinyTransformer.Load("addition");
        return new Trainer(policy, Tasks.Addition(digits: 2), objective, options with { Seed = seed, Model = "addition" }).Train(
            steps,
            progress: null,
            cancellationToken
        );
    }

    private T Once<T>(string name, Func<T> make)
        where T : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_made.TryGetValue(name, out var made))
            _made[name] = made = make();
        return (T)made;
    }
}
