namespace UniPo;

/// <summary>Training that is written to disk as it goes.</summary>
public static class RecordedTraining
{
    /// <summary>Trains like <see cref="Trainer.Train"/>, with every step in a run log before the next one begins.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="steps">Optimiser steps, at least 1.</param>
    /// <param name="path">The log, a new file.</param>
    /// <param name="progress">Is told every step after it was written; null for silence.</param>
    /// <param name="promptsPerStep">Prompts of a step whose tokens are written, at least 0.</param>
    /// <param name="measureHeldOut">False to leave out the held-out accuracy before and after.</param>
    /// <param name="overwrite">True to replace a log that exists.</param>
    /// <param name="cancellation">Stops within one step; the log is closed properly.</param>
    /// <exception cref="TrainingStoppedException">A reward, a loss or a gradient is not finite; the log says so, too.</exception>
    /// <exception cref="IOException">The log exists or cannot be written.</exception>
    public static TrainingRun Record(this Trainer trainer, int steps, string path, IProgress<TrainingStep>? progress = null,
        int promptsPerStep = 3, bool measureHeldOut = true, bool overwrite = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var sequence = trainer.Steps(steps, cancellation);
        if (!overwrite && File.Exists(path)) throw new IOException($"The log '{path}' exists already; choose another name, or allow it to be overwritten.");
        var before = measureHeldOut ? trainer.Measure() : null;
        var run = new TrainingRun { Header = trainer.Header(steps), Steps = [], Before = before };
        using var log = RunLog.Create(path, run.Header, before, promptsPerStep, overwrite);
        var taken = new List<TrainingStep>();
        try
        {
            foreach (var step in sequence)
            {
                log.Append(step);
                taken.Add(step);
                progress?.Report(step);
            }
        }
        catch (TrainingStoppedException e)
        {
            log.Complete(stopped: e.Message);
            throw new TrainingStoppedException(e.Message, e) { Run = run with { Steps = taken, Stopped = e.Message } };
        }
        var stopped = taken.Count < steps ? $"Cancelled after {taken.Count} of {steps} steps." : null;
        run = run with { Steps = taken, After = measureHeldOut ? trainer.Measure() : null, Stopped = stopped };
        log.Complete(run.After, stopped);
        return run;
    }
}
