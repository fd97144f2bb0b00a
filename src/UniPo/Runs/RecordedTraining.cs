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
    /// <exception cref="TrainingStoppedException">A reward, a loss or a gradient is not finite; log and message say so, and name
    /// the last good checkpoint.</exception>
    /// <exception cref="IOException">The log exists, or log or checkpoint cannot be written; what was written before
    /// stays.</exception>
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
        Numerics.Require.AtLeast(checkpointEvery, 0, "CheckpointEvery");
        var recording = new Recording(trainer, steps, path, promptsPerStep, measureHeldOut, checkpointEvery);
        if (resume && File.Exists(recording.CheckpointPath))
            return recording.GoOn(progress, cancellation);
        if (!overwrite && !(resume && Recording.HoldsNoStep(path)) && File.Exists(path))
            throw new IOException($"The log '{path}' exists already; choose another name, or allow it to be overwritten.");
        return recording.Begin(progress, cancellation);
    }

    /// <summary>Where <see cref="Record"/> saves the state of the run whose log is at this path.</summary>
    public static string CheckpointPath(string logPath) => Path.ChangeExtension(logPath, ".checkpoint.safetensors");
}
