namespace UniPo;

/// <summary>Training that is written to disk as it goes.</summary>
public static class RecordedTraining
{
    /// <summary>Trains like <see cref="Trainer.Train"/>, with every step in a run log before the next one begins.</summary>
    /// <param name="trainer">The trainer, fresh: it has taken no step yet.</param>
    /// <param name="steps">Optimiser steps of the whole run, at least 1.</param>
    /// <param name="path">The log, a new file unless it is to be overwritten or resumed.</param>
    /// <param name="progress">Is told every step after it was written; null for silence.</param>
    /// <param name="promptsPerStep">Prompts of a step whose tokens are written, at least 0.</param>
    /// <param name="measureHeldOut">False to leave out the held-out accuracy before and after.</param>
    /// <param name="overwrite">True to replace a log that exists.</param>
    /// <param name="checkpointEvery">Save the run's state after every so many steps (at the next end of a rollout) beside the
    /// log; 0 for never.</param>
    /// <param name="resume">True to go on from the checkpoint beside the log; a run that has none yet begins.</param>
    /// <param name="cancellation">Stops within one step; the log is closed properly.</param>
    /// <returns>The whole run; steps before a resumption are read from the log.</returns>
    /// <exception cref="TrainingStoppedException">A reward, a loss or a gradient is not finite, or the task or the one who is told
    /// of progress threw; its Run holds the steps before, log and message say what happened, and name the last good
    /// checkpoint.</exception>
    /// <exception cref="IOException">The log exists, another run writes it, or log or checkpoint cannot be written; what was
    /// written before stays.</exception>
    /// <exception cref="InvalidDataException">Log or checkpoint are damaged or belong to another run; nothing is
    /// overwritten.</exception>
    public static TrainingRun Record(
        this Trainer trainer,
        int steps,
        string path,
        IProgress<TrainingStep>? progress = null,
        int promptsPerStep = 3,
        bool measureHeldOut = true,
        bool overwrite = false,
        int checkpointEvery = 0,
        bool resume = false,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(trainer);
        Numerics.Require.AtLeast(steps, 1, "Steps");
        Numerics.Require.AtLeast(promptsPerStep, 0, "PromptsPerStep");
        Numerics.Require.AtLeast(checkpointEvery, 0, "CheckpointEvery");
        var recording = new Recording(trainer, steps, path, promptsPerStep, measureHeldOut, checkpointEvery);
        var goesOn = resume && (File.Exists(recording.CheckpointPath) || Recording.HoldsNoStep(path));
        if (!overwrite && !goesOn && File.Exists(recording.CheckpointPath) && !File.Exists(path))
            throw new IOException(
                $"The checkpoint '{recording.CheckpointPath}' of an earlier run exists already; choose another name, or allow it to be overwritten."
            );
        using var held = RunLog.Lock(path, overwrite || goesOn);
        return resume && File.Exists(recording.CheckpointPath)
            ? recording.GoOn(held, progress, cancellation)
            : recording.Begin(held, progress, cancellation);
    }

    /// <summary>Where <see cref="Record"/> saves the state of the run whose log is at this path.</summary>
    /// <remarks>
    /// Only <c>.jsonl</c> is left out of the name: <c>grpo-0.1</c> and <c>grpo-0.2</c> have checkpoints of their own.
    /// </remarks>
    public static string CheckpointPath(string logPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(logPath);
        var isLog = Path.GetExtension(logPath).Equals(".jsonl", StringComparison.OrdinalIgnoreCase);
        return (isLog ? logPath[..^".jsonl".Length] : logPath) + ".checkpoint.safetensors";
    }
}
