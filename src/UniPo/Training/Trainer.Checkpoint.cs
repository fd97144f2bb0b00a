namespace UniPo;

public sealed partial class Trainer
{
    /// <summary>Optimiser steps taken so far.</summary>
    public int StepsTaken => _step;

    /// <summary>
    /// True between two rollouts, where a checkpoint can be taken; false while a rollout has passes or mini-batches left.
    /// </summary>
    public bool IsBetweenRollouts => _open is null;

    /// <summary>Everything that decides how the run goes, as it was before anything adapted.</summary>
    internal RunSettings Settings => _settings.Value;

    /// <summary>The whole state of training: weights, optimiser moments, what the objective adapted, and how far it is.</summary>
    /// <returns>A file to save; more may be put into its metadata.</returns>
    /// <exception cref="InvalidOperationException">A rollout is still being learned from.</exception>
    public SafetensorsFile Checkpoint() =>
        IsBetweenRollouts
            ? TrainingCheckpoint.Write(this, new TrainingProgress(_step, _rollout, _watch.State, PlannedSteps), _update.Optimizer)
            : throw new InvalidOperationException(
                $"A checkpoint can be taken between two rollouts only, but rollout {_rollout} still has steps left. Take all its passes first."
            );

    /// <summary>
    /// Goes on from a checkpoint: the steps from here on are, bit for bit, those that the interrupted run would have taken.
    /// </summary>
    /// <param name="file">What <see cref="Checkpoint"/> gave.</param>
    /// <exception cref="InvalidDataException">The file is no checkpoint, or that of a run with other settings; the message names
    /// the difference.</exception>
    public void Restore(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Verify(file);
        (var progress, Objective) = TrainingCheckpoint.Read(file, this, _update.Optimizer);
        (_step, _rollout, _open) = (progress.Step, progress.Rollout, null);
        PlannedSteps = progress.PlannedSteps;
        _watch.State = progress.Watch;
    }

    /// <summary>Compares a checkpoint with this run.</summary>
    /// <returns>The identity that both have.</returns>
    /// <exception cref="InvalidDataException">It is that of a run with other settings; the message names the
    /// difference.</exception>
    internal string Verify(SafetensorsFile file)
    {
        TrainingCheckpoint.Verify(file, Settings, Options.PlannedSteps);
        return Settings.Identity;
    }
}
