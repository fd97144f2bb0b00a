using UniPo.Numerics;

namespace UniPo;

/// <summary>One run of a comparison: taken from its log when it is there, trained when it is not.</summary>
internal sealed class ComparedRun(ITrainablePolicy policy, ITask task, Objective objective, ComparisonPlan plan, ulong seed)
{
    private TrainingRun? _finished;

    public Objective Objective => objective;

    public ulong Seed => seed;

    private string? LogPath =>
        plan.Folder is { } folder ? Path.Combine(folder, $"{RunLogFormat.Key(objective.Name)}-{seed}.jsonl") : null;

    /// <summary>
    /// The run's trainer, on a copy of the policy that computes on one thread: the runs themselves are what is parallel.
    /// </summary>
    public Trainer Prepare()
    {
        var copy = objective.Sampling.NeedsCritic && policy.CanHaveValueHead ? policy.WithValueHead() : policy.Clone();
        copy.UseThreads(1);
        var options = plan.Options ?? TrainerOptions.For(objective);
        if (plan.Overrule is { } overrule)
            options = overrule(options);
        return new Trainer(
            copy,
            task,
            objective,
            options with
            {
                Seed = seed,
                TokensEvery = plan.TokensEvery,
                MeasureHeldOut = true,
            }
        );
    }

    /// <summary>
    /// Looks for the run in the plan's folder, so that a log of something else is noticed before anything is trained.
    /// </summary>
    /// <exception cref="InvalidDataException">The log there is damaged, or holds a run with other settings.</exception>
    public void LookForLog()
    {
        using var trainer = Prepare();
        using var copy = trainer.Policy;
        var header = trainer.Header(plan.Steps);
        if (LogPath is { } path && File.Exists(path))
            _finished = Finished(path, header);
    }

    /// <summary>The finished run, or a <see cref="FailedRun"/> that says why there is none.</summary>
    public object GetOrTrain(Action<TrainingStep> follow, CancellationToken cancellation)
    {
        try
        {
            if (_finished is not null)
                return _finished;
            using var trainer = Prepare();
            using var copy = trainer.Policy;
            if (LogPath is not { } path)
                return trainer.Train(plan.Steps, new Follower(follow), cancellation);
            return trainer.Record(
                plan.Steps,
                path,
                new Follower(follow),
                promptsPerStep: plan.TokensEvery > 0 ? 2 : 0,
                overwrite: true,
                cancellation: cancellation
            );
        }
        catch (Exception e) when (e is not OperationCanceledException) // whatever a user's task or a disk does, the other runs go on
        {
            return new FailedRun(objective.Name, seed, e.Message);
        }
    }

    private static TrainingRun? Finished(string path, RunHeader wanted)
    {
        if (Recording.HoldsNoStep(path))
            return null;
        var run = RunLog.Read(path);
        if (!SameSettings(run.Header, wanted))
            throw new InvalidDataException($"'{path}' holds a run with other settings; move it away, or choose another folder.");
        return run.Steps.Count == wanted.Steps && run.Stopped is null && run.After is not null ? run : null;
    }

    private static bool SameSettings(RunHeader a, RunHeader b) =>
        (a.Algorithm, a.Task, a.Model, a.Seed, a.Steps, a.Passes, a.PromptsPerStep, a.GroupSize)
            == (b.Algorithm, b.Task, b.Model, b.Seed, b.Steps, b.Passes, b.PromptsPerStep, b.GroupSize)
        && a.Hyperparameters.Keys.Union(b.Hyperparameters.Keys).All(key => Text(a, key) == Text(b, key));

    private static string Text(RunHeader header, string key) =>
        header.Hyperparameters.GetValueOrDefault(key) switch
        {
            double[] numbers => string.Join(
                ' ',
                numbers.Select(n => n.ToString("R", System.Globalization.CultureInfo.InvariantCulture))
            ),
            double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            var other => other?.ToString() ?? "",
        };

    private sealed class Follower(Action<TrainingStep> follow) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => follow(value);
    }
}
