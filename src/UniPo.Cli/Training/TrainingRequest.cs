namespace UniPo.Cli.Training;

/// <summary>A training run as typed on a command line; null where the default of algorithm or trainer holds.</summary>
internal sealed record TrainingRequest
{
    public required string Task { get; init; }

    public required int Steps { get; init; }

    public required string Algorithm { get; init; }

    public string? Model { get; init; }

    public ulong Seed { get; init; }

    public double? Epsilon { get; init; }

    public double? EpsilonHigh { get; init; }

    public double? Beta { get; init; }

    public int? Group { get; init; }

    public int? Prompts { get; init; }

    public int? Passes { get; init; }

    public double? LearningRate { get; init; }

    public double? Temperature { get; init; }

    public int? Threads { get; init; }

    public int EvaluateEvery { get; init; }

    /// <summary>The trainer that does this.</summary>
    /// <exception cref="UsageException">A name or a value is wrong; the message names it and what is right.</exception>
    public Trainer Prepare()
    {
        try
        {
            var task = Tasks.Named(Task);
            var objective = Objective();
            var options = Overrule(TrainerOptions.For(objective)) with { Seed = Seed };
            var policy = Base(task);
            if (objective.Sampling.NeedsCritic && !policy.HasValueHead)
                policy = policy.WithValueHead();
            TryOneStep(new Trainer(policy.Clone(), task, objective, options));
            return new Trainer(policy, task, objective, options);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidDataException or FileNotFoundException)
        {
            throw new UsageException(fault.Message);
        }
    }

    // What does not fit together shows in the first step at the latest, so one is taken on a copy before a log is begun.
    private static void TryOneStep(Trainer trial)
    {
        try
        {
            _ = trial.Steps(1).First();
        }
        catch (TrainingStoppedException)
        {
            // A run that stops by its numbers is a run all the same: its log shall say so.
        }
    }

    /// <summary>The model that training starts from.</summary>
    public TinyTransformer Base(ITask task) => TinyTransformer.Load(Model ?? BaseModel.For(task).Name);

    /// <summary>The algorithm with the changes that were asked for.</summary>
    public Objective Objective()
    {
        var objective = AlgorithmNames.Find(Algorithm);
        if (Epsilon is null && EpsilonHigh is null && Beta is null)
            return objective;
        if (objective is not PolicyObjective parts)
            throw new UsageException($"--epsilon and --beta: {objective.Name} has neither a clip nor a KL term.");
        if (Epsilon is not null || EpsilonHigh is not null)
        {
            if (parts.Clip is not Clip clip)
                throw new UsageException($"--epsilon: {objective.Name} has no clip.");
            parts = parts with { Clip = new Clip(Epsilon ?? clip.Low, EpsilonHigh ?? Epsilon ?? clip.High) };
        }

        return Beta is { } beta ? parts with { Kl = WithCoefficient(parts.Kl, beta) } : parts;
    }

    /// <summary>An algorithm's own settings with the changes that were asked for.</summary>
    public TrainerOptions Overrule(TrainerOptions defaults) =>
        defaults with
        {
            Model = Model ?? Task,
            Group = Group ?? defaults.Group,
            Prompts = Prompts ?? defaults.Prompts,
            Passes = Passes ?? defaults.Passes,
            Threads = Threads ?? defaults.Threads,
            LearningRate = LearningRate ?? defaults.LearningRate,
            Temperature = Temperature ?? defaults.Temperature,
            EvaluateEvery = EvaluateEvery,
        };

    private static Kl WithCoefficient(Kl kl, double beta) =>
        kl switch
        {
            KlInReward inReward => inReward with { Coefficient = beta },
            KlInLoss inLoss => inLoss with { Coefficient = beta },
            _ => Kl.InLoss(beta),
        };
}
