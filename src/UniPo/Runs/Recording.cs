namespace UniPo;

/// <summary>One recorded run: its log, its checkpoint, and the order in which they are written.</summary>
/// <remarks>
/// A checkpoint stores how long the log was when it was taken. To go on, the log is cut back to that length: steps after the
/// checkpoint are taken again, with the same result. So whenever a run is killed, checkpoint and log fit together.
/// </remarks>
internal sealed class Recording(
    Trainer trainer,
    int steps,
    string path,
    int promptsPerStep,
    bool measureHeldOut,
    int checkpointEvery
)
{
    private int _savedAfter;

    public string CheckpointPath { get; } = RecordedTraining.CheckpointPath(path);

    /// <summary>
    /// True when the file is missing, or holds nothing that would be lost: a run was killed before its first checkpoint.
    /// </summary>
    public static bool HoldsNoStep(string path)
    {
        if (!File.Exists(path))
            return true;
        using var reader = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
        );
        var header = reader.ReadLine();
        return (header is null || header.StartsWith("{\"type\":\"header\"", StringComparison.Ordinal))
            && reader.ReadLine() is null;
    }

    /// <summary>Trains from the first step on.</summary>
    /// <param name="held">The lock of the log; released when the run is over.</param>
    /// <param name="progress">Is told every step.</param>
    /// <param name="cancellation">Stops within one step.</param>
    public TrainingRun Begin(LogLock held, IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        trainer.Plan(steps);
        var run = new TrainingRun
        {
            Header = trainer.Header(steps),
            Steps = [],
            Before = measureHeldOut ? trainer.Measure() : null,
        };
        DiscardOldCheckpoint();
        using var log = RunLog.Create(path, run.Header, run.Before, promptsPerStep, held);
        if (checkpointEvery > 0)
            Writing(0, () => Save(log));
        return Follow(log, run, progress, cancellation);
    }

    /// <summary>Goes on from the checkpoint beside the log.</summary>
    /// <inheritdoc cref="Begin"/>
    public TrainingRun GoOn(LogLock held, IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        FilePlace.RemoveLeftovers(CheckpointPath);
        var file = SafetensorsFile.Load(CheckpointPath);
        var (length, run) = CheckpointedLog.Beginning(file, path, trainer.Verify(file), TrainingCheckpoint.StepsTaken(file));
        trainer.Restore(file);
        trainer.Plan(steps);
        _savedAfter = trainer.StepsTaken;
        using var log = RunLog.GoOn(path, length, promptsPerStep, trainer.Passes, held);
        if (run.Header.Steps != steps)
            log.Extend(steps);
        return Follow(log, run with { Header = trainer.Header(steps), After = null, Stopped = null }, progress, cancellation);
    }

    private TrainingRun Follow(RunLog log, TrainingRun run, IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        var taken = run.Steps.ToList();
        try
        {
            Take(log, taken, progress, cancellation);
            var stopped = taken.Count < steps ? $"Cancelled after {taken.Count} of {steps} steps." : null;
            run = run with { Steps = taken, After = measureHeldOut ? trainer.Measure() : null, Stopped = stopped };
        }
        catch (ArgumentException e) when (taken.Count == 0)
        {
            log.Complete(stopped: e.Message); // what does not fit together shows in the first step: no run has begun
            throw;
        }
        catch (Exception e) when (e is not CannotWriteException)
        {
            throw Stopped(log, run with { Steps = taken }, e);
        }
        Writing(taken.Count, () => log.Complete(run.After, run.Stopped));
        return run;
    }

    private void Take(RunLog log, List<TrainingStep> taken, IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        if (taken.Count >= steps)
            return;
        foreach (var step in trainer.Steps(steps - taken.Count, cancellation))
        {
            Writing(taken.Count, () => log.Append(step));
            taken.Add(step);
            if (IsDue(step.Step))
                Writing(taken.Count, () => Save(log));
            progress?.Report(step);
        }
        if (checkpointEvery > 0 && taken.Count < steps && trainer.IsBetweenRollouts)
            Writing(taken.Count, () => Save(log));
    }

    /// <summary>Closes the log with the reason, whatever it was: what was taken before is complete.</summary>
    private TrainingStoppedException Stopped(RunLog log, TrainingRun run, Exception fault)
    {
        var reason = fault is TrainingStoppedException ? fault.Message : Trainer.Interrupted(run.Steps.Count, fault);
        var message =
            checkpointEvery > 0 ? $"{reason} The last good checkpoint is '{CheckpointPath}', after step {_savedAfter}." : reason;
        Writing(run.Steps.Count, () => log.Complete(stopped: message));
        return new TrainingStoppedException(message, fault) { Run = run with { Stopped = message } };
    }

    /// <summary>Only what the disk says is reported as a fault of the disk; a reward function may read files, too.</summary>
    private void Writing(int taken, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotWriteException(
                $"The run stopped after {taken} of {steps} steps, because log or checkpoint could not be written: {e.Message} What was written before is complete.",
                e
            );
        }
    }

    private bool IsDue(int step) =>
        checkpointEvery > 0
        && trainer.IsBetweenRollouts
        && (step + 1 == steps || (step + 1) / checkpointEvery > _savedAfter / checkpointEvery);

    private void Save(RunLog log)
    {
        var file = trainer.Checkpoint();
        CheckpointedLog.Tie(file, trainer.Header(steps), log.Length);
        file.Save(CheckpointPath);
        _savedAfter = trainer.StepsTaken;
    }

    /// <summary>A log that begins anew has no state to go on from; a file that no recorded run made stays.</summary>
    private void DiscardOldCheckpoint()
    {
        if (File.Exists(CheckpointPath) && CheckpointedLog.IsCheckpoint(CheckpointPath))
            File.Delete(CheckpointPath);
        FilePlace.RemoveLeftovers(CheckpointPath);
    }

    private sealed class CannotWriteException(string message, Exception inner) : IOException(message, inner);
}
