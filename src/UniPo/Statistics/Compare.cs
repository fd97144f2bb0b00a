using UniPo.Numerics;

namespace UniPo;

/// <summary>Several objectives side by side: on the same responses, or in training over several seeds.</summary>
public static class Compare
{
    /// <summary>What each objective makes of the same responses: one report each, in order.</summary>
    /// <param name="batch">Scored responses. Without a reference, the policy that sampled stands in for it.</param>
    /// <param name="objectives">At least one.</param>
    public static IReadOnlyList<TokenReport> OnSameRollouts(RolloutBatch batch, params IReadOnlyList<Objective> objectives)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(objectives);
        if (objectives.Count == 0)
            throw new ArgumentException("There must be at least one objective to compare, but there was none.");
        var complete = batch with { ReferenceLogProbs = batch.ReferenceLogProbs ?? batch.OldLogProbs };
        return [.. objectives.Select(o => o.Evaluate(complete))];
    }

    /// <summary>Trains a copy of the policy with every objective and every seed.</summary>
    /// <param name="policy">The base of all runs; stays as it is.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="objectives">At least one; the others are compared with the first. Names must differ.</param>
    /// <param name="seeds">Seeds of each, at least 1.</param>
    /// <param name="steps">Optimiser steps of each run, at least 1.</param>
    public static Comparison Train(
        ITrainablePolicy policy,
        ITask task,
        IReadOnlyList<Objective> objectives,
        int seeds = 5,
        int steps = 150
    ) => Train(policy, task, objectives, new ComparisonPlan { Seeds = seeds, Steps = steps });

    /// <summary>Trains a copy of the policy with every objective and every seed, several runs at a time.</summary>
    /// <remarks>
    /// A run that fails is reported and the others finish. With a folder, what is finished there is not repeated.
    /// </remarks>
    /// <param name="policy">The base of all runs; stays as it is.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="objectives">At least one; the others are compared with the first. Names must differ.</param>
    /// <param name="plan">Seeds, steps, settings and folder.</param>
    /// <param name="progress">Is told what happens, from several threads but one at a time; null for silence.</param>
    /// <param name="cancellation">Stops every run within one step; finished runs stay.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidDataException">The folder holds a damaged log, or one of a run with other settings; nothing was
    /// trained.</exception>
    /// <exception cref="ArgumentException">There is no objective, two have the same name, or one does not fit policy and
    /// task.</exception>
    public static Comparison Train(
        ITrainablePolicy policy,
        ITask task,
        IReadOnlyList<Objective> objectives,
        ComparisonPlan plan,
        IProgress<ComparisonProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(objectives);
        if (objectives.Count == 0)
            throw new ArgumentException("There must be at least one objective to compare, but there was none.");
        if (objectives.GroupBy(o => o.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"Objectives of a comparison need different names, but {twice.Count()} are called '{twice.Key}'."
            );
        ArgumentNullException.ThrowIfNull(plan);
        var runs = objectives
            .SelectMany(o =>
                Enumerable.Range(0, plan.Seeds).Select(s => new ComparedRun(policy, task, o, plan, plan.FirstSeed + (ulong)s))
            )
            .ToArray();
        if (plan.Folder is { } folder)
        {
            RequireNamesOfTheirOwn(runs);
            Directory.CreateDirectory(folder);
        }
        foreach (var run in runs)
            run.LookForLog(); // what does not fit should fail now, not after minutes

        var results = new object[runs.Length];
        var (gate, finished) = (new object(), 0);
        void Tell(ComparedRun run, int steps, TrainingRun? done = null, string? failure = null)
        {
            lock (gate)
            {
                if (done is not null || failure is not null)
                    finished++;
                progress?.Report(
                    new ComparisonProgress(run.Objective.Name, run.Seed, steps, finished, runs.Length, done, failure)
                );
            }
        }
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = plan.Parallel ?? Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        Parallel.For(
            0,
            runs.Length,
            parallel,
            i =>
            {
                results[i] = runs[i].GetOrTrain(step => Tell(runs[i], step.Step + 1), cancellation);
                cancellation.ThrowIfCancellationRequested();
                Tell(runs[i], plan.Steps, results[i] as TrainingRun, (results[i] as FailedRun)?.Reason);
            }
        );
        return new Comparison
        {
            Task = task.Name,
            Steps = plan.Steps,
            Algorithms = [.. objectives.Select(o => o.Name)],
            Runs = [.. results.OfType<TrainingRun>()],
            Failed = [.. results.OfType<FailedRun>()],
            Notes = [.. SameCurves.Of(runs, [.. results.OfType<TrainingRun>()])],
        };
    }

    /// <summary>Two objectives must not share a log.</summary>
    private static void RequireNamesOfTheirOwn(IReadOnlyList<ComparedRun> runs)
    {
        foreach (var sharing in runs.DistinctBy(r => r.Objective.Name).GroupBy(r => r.FileName))
            if (sharing.Count() > 1)
                throw new ArgumentException(
                    $"The objectives {string.Join(" and ", sharing.Select(r => $"'{r.Objective.Name}'"))} would share the log '{sharing.Key}-{runs[0].Seed}.jsonl'. Give them names that differ in more than case and punctuation."
                );
    }
}
