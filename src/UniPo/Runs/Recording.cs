using System.Globalization;

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
    private const string LogLength = "log_length";
    private int _savedAfter;

    public string CheckpointPath { get; } = RecordedTraining.CheckpointPath(path);

    /// <summary>
    /// True when the file is missing, or holds nothing that would be lost: a run was killed before its first checkpoint.
    /// </summary>
    public static bool HoldsNoStep(string path)
    {
        if (!File.Exists(path))
            return true;
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var header = reader.ReadLine();
        return (header is null || header.StartsWith("{\"type\":\"header\"", StringComparison.Ordinal))
            && reader.ReadLine() is null;
    }

    public TrainingRun Begin(IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        var run = new TrainingRun
        {
            Header = trainer.Header(steps),
            Steps = [],
            Before = measureHeldOut ? trainer.Measure() : null,
        };
        using var log = RunLog.Create(path, run.Header, run.Before, promptsPerStep, overwrite: true);
        if (checkpointEvery > 0)
            Save(log);
        return Follow(log, run, progress, cancellation);
    }

    public TrainingRun GoOn(IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        var file = SafetensorsFile.Load(CheckpointPath);
        if (
            !long.TryParse(
                file.Metadata.GetValueOrDefault(LogLength),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var length
            )
        )
            throw new InvalidDataException(
                $"{file.Origin} is no checkpoint of a recorded run: its metadata has no '{LogLength}'."
            );
        if (!File.Exists(path) || new FileInfo(path).Length < length)
            throw new InvalidDataException(
                $"The log '{path}' is missing or shorter than the {length} bytes it had when the checkpoint '{CheckpointPath}' was taken; a run cannot go on without it."
            );
        trainer.Restore(file);
        _savedAfter = trainer.StepsTaken;
        foreach (
            var stale in Directory.EnumerateFiles(
                Path.GetDirectoryName(Path.GetFullPath(CheckpointPath))!,
                Path.GetFileName(CheckpointPath) + ".*.tmp"
            )
        )
            File.Delete(stale);
        using var log = RunLog.GoOn(path, length, promptsPerStep, trainer.Passes);
        var run = RunLog.Read(path) with { Header = trainer.Header(steps), After = null, Stopped = null };
        return Follow(log, run, progress, cancellation);
    }

    private TrainingRun Follow(RunLog log, TrainingRun run, IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        var taken = run.Steps.ToList();
        try
        {
            if (taken.Count < steps)
                foreach (var step in trainer.Steps(steps - taken.Count, cancellation))
                {
                    log.Append(step);
                    taken.Add(step);
                    if (IsDue(step.Step))
                        Save(log);
                    progress?.Report(step);
                }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The run stopped after {taken.Count} of {steps} steps, because log or checkpoint could not be written: {e.Message} What was written before is complete.",
                e
            );
        }
        catch (TrainingStoppedException e)
        {
            var message =
                checkpointEvery > 0
                    ? $"{e.Message} The last good checkpoint is '{CheckpointPath}', after step {_savedAfter}."
                    : e.Message;
            log.Complete(stopped: message);
            throw new TrainingStoppedException(message, e) { Run = run with { Steps = taken, Stopped = message } };
        }
        var stopped = taken.Count < steps ? $"Cancelled after {taken.Count} of {steps} steps." : null;
        if (checkpointEvery > 0 && stopped is not null && trainer.IsBetweenRollouts)
            Save(log);
        run = run with { Steps = taken, After = measureHeldOut ? trainer.Measure() : null, Stopped = stopped };
        log.Complete(run.After, stopped);
        return run;
    }

    private bool IsDue(int step) =>
        checkpointEvery > 0
        && trainer.IsBetweenRollouts
        && (step + 1 == steps || (step + 1) / checkpointEvery > _savedAfter / checkpointEvery);

    private void Save(RunLog log)
    {
        var file = trainer.Checkpoint();
        file.Metadata[LogLength] = log.Length.ToString(CultureInfo.InvariantCulture);
        file.Save(CheckpointPath);
        _savedAfter = trainer.StepsTaken;
    }
}
