using System.Globalization;

namespace UniPo.Cli.Training;

/// <summary>A run of a comparison: taken from its log when it is there, trained when it is not.</summary>
internal static class RecordedRun
{
    /// <summary>The run.</summary>
    /// <param name="request">Which run.</param>
    /// <param name="steps">Its length.</param>
    /// <param name="path">Its log. A log that is not finished is trained anew.</param>
    /// <param name="output">Hears how it goes.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <exception cref="UsageException">The log belongs to another run.</exception>
    public static TrainingRun GetOrTrain(TrainingRequest request, int steps, string path, TextWriter output, CancellationToken cancellationToken)
    {
        var trainer = request.Prepare();
        if (File.Exists(path) && Finished(path, trainer.Header(steps)) is { } run)
        {
            output.WriteLine($"{request.Algorithm}, seed {request.Seed}: taken from {path}");
            return run;
        }

        // The tokens of every step of every seed would fill the disk; curves need only the metrics.
        run = TrainingLine.Follow(steps, output, progress => trainer.Record(steps, path, progress, promptsPerStep: 0, overwrite: true, cancellation: cancellationToken), linesInLog: 0);
        output.WriteLine($"{request.Algorithm}, seed {request.Seed}: {run.Stopped ?? string.Create(CultureInfo.InvariantCulture, $"held out {Value(run.Before):0.000} → {Value(run.After):0.000}")}");
        return run;
    }

    /// <summary>How good a policy is on held-out prompts: exact where the task lists its right answers, sampled where it does not.</summary>
    public static double Value(HeldOutAccuracy? accuracy) => accuracy?.ExactProbability ?? accuracy?.SampledAccuracy ?? double.NaN;

    private static TrainingRun? Finished(string path, RunHeader wanted)
    {
        TrainingRun run;
        try
        {
            run = RunLog.Read(path);
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException($"{fault.Message} Move the file away, or name another --output.");
        }

        if (!Same(run.Header, wanted)) throw new UsageException($"{path} holds a run with other settings; move it away, or name another --output.");
        return run.Steps.Count == wanted.Steps && run.Stopped is null ? run : null;
    }

    private static bool Same(RunHeader a, RunHeader b) =>
        (a.Algorithm, a.Task, a.Model, a.Seed, a.Steps, a.Passes, a.PromptsPerStep, a.GroupSize) == (b.Algorithm, b.Task, b.Model, b.Seed, b.Steps, b.Passes, b.PromptsPerStep, b.GroupSize)
        && a.Hyperparameters.Keys.Union(b.Hyperparameters.Keys).All(key => Text(a, key) == Text(b, key));

    private static string Text(RunHeader header, string key) => header.Hyperparameters.TryGetValue(key, out var value)
        ? value is System.Collections.IEnumerable list and not string ? string.Join(' ', list.Cast<object>()) : value.ToString()!
        : "";
}
