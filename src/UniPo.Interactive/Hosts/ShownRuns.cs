using System.Runtime.CompilerServices;

namespace UniPo.Interactive.Hosts;

/// <summary>Which cell has shown a run while it was trained, so that its curves do not stand there twice.</summary>
internal static class ShownRuns
{
    // Forgets a run when its owner does.
    private static readonly ConditionalWeakTable<TrainingRun, string> _cells = [];

    /// <summary>The running cell ends with the curves of this run.</summary>
    public static void Add(TrainingRun run)
    {
        if (Scripts.Cell() is { } cell)
            _cells.AddOrUpdate(run, cell);
    }

    /// <summary>What a cell shows for a view: where the same curves stand above already, a sentence that says so.</summary>
    public static View Instead(View view) =>
        view is LearningCurves { Runs: [var run], Metrics: [], Smoothing: null }
        && _cells.TryGetValue(run, out var cell)
        && cell == Scripts.Cell()
            ? new Sentence("The curves of this run stand above: they have grown while it was trained.")
            : view;
}
