namespace UniPo.Cli.Gallery;

/// <summary>What the gallery shows: runs of the shipped base model, trained when they are first asked for, the same every time.</summary>
internal sealed class GalleryData(CancellationToken cancellationToken)
{
    private const ulong Seed = 7;

    private readonly Dictionary<string, object> _made = [];

    /// <summary>GRPO over its usual 150 steps, two on each rollout, so that ratios leave 1 and the clip has work.</summary>
    public TrainingRun Run => Once("run", () => Train(Algorithms.Grpo, 150, Seed, new TrainerOptions { Passes = 2, LearningRate = 2e-4 }));

    /// <summary>A report in the middle of learning, on the second pass, where some groups differ and some bounds bite.</summary>
    public TokenReport Report => Once("report", () => Run.Steps.Where(s => s.Pass > 0).Skip(10).Select(s => s.Report!)
        .MaxBy(r => r.Clipped!.Count(c => c != ClipSide.None) + (r.Summary.SilentGroups is > 0 and < 1 ? 100 : 0))!);

    /// <summary>The step of <see cref="Report"/>.</summary>
    public TrainingStep Step => Run.Steps.First(s => ReferenceEquals(s.Report, Report));

    /// <summary>A rollout that three algorithms judge.</summary>
    public RolloutBatch Batch => Once("batch", () => Report.Batch);

    /// <summary>Three algorithms, three seeds each.</summary>
    public IReadOnlyList<TrainingRun> Seeds => Once("seeds", () => (IReadOnlyList<TrainingRun>)
    [
        .. from objective in new Objective[] { Algorithms.Grpo, Algorithms.DrGrpo, Algorithms.Reinforce }
           from seed in new ulong[] { 1, 2, 3 }
           select Train(objective, 60, seed, new TrainerOptions { TokensEvery = 0 }),
    ]);

    /// <summary>The first steps of the run, as they look while it is still going.</summary>
    public TrainingRun Beginning => Run with { Steps = [.. Run.Steps.Take(60)], After = null };

    private TrainingRun Train(Objective objective, int steps, ulong seed, TrainerOptions options)
    {
        var policy = TinyTransformer.Load("addition");
        return new Trainer(policy, Tasks.Addition(digits: 2), objective, options with { Seed = seed, Model = "addition" }).Train(steps, progress: null, cancellationToken);
    }

    private T Once<T>(string name, Func<T> make) where T : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_made.TryGetValue(name, out var made)) _made[name] = made = make();
        return (T)made;
    }
}
