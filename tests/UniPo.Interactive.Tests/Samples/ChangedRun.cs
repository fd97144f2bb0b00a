namespace UniPo.Interactive.Tests;

/// <summary>Runs that differ from a sample in something.</summary>
internal static class ChangedRun
{
    /// <summary>The run with other metrics.</summary>
    /// <param name="run">A run.</param>
    /// <param name="metrics">What each step has measured instead.</param>
    public static TrainingRun Measuring(
        this TrainingRun run,
        Func<TrainingStep, IEnumerable<KeyValuePair<string, double>>> metrics
    ) => run with { Steps = [.. run.Steps.Select(s => s with { Metrics = metrics(s).ToDictionary() })] };
}
