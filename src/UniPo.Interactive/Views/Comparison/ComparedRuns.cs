using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// Several settings trained with several seeds: their curves, what each reached with its interval, and which differences are
/// real.
/// </summary>
public sealed record ComparedRuns : View
{
    /// <summary>The comparison of runs; those that share algorithm, task, model and settings are seeds of one line.</summary>
    public ComparedRuns(IReadOnlyList<TrainingRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        Runs = runs;
    }

    /// <summary>The view of a comparison that was trained: its runs, and which of them failed.</summary>
    public ComparedRuns(Comparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        (Runs, Failed) = (comparison.Runs, comparison.Failed);
    }

    /// <summary>All runs.</summary>
    public IReadOnlyList<TrainingRun> Runs { get; }

    /// <summary>Metrics with a panel; empty for the usual ones.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Runs that did not reach their end; they have no numbers, but a reason.</summary>
    public IReadOnlyList<FailedRun> Failed { get; init; } = [];

    private protected override string Element => "compared-runs";

    private protected override string[] StyleSections => ["curves", "lines", "record", "difference"];

    private LearningCurves Curves => new(Runs) { Metrics = Metrics };

    private protected override IEnumerable<Block> Blocks()
    {
        var curves = new LearningCurvesContent(Curves);
        return
        [
            .. curves.Nothing is null ? new ComparedRunsContent(curves).Blocks() : [],
            new Notes(Failures),
            new Picture(_ => { }, page => page.Gap()),
            .. curves.Blocks(),
        ];
    }

    private protected override JsonObject? Payload()
    {
        var curves = new LearningCurvesContent(Curves);
        return curves.Nothing is null ? WidgetRuns.Of(curves) : null;
    }

    private IEnumerable<string> Failures =>
        Failed.Select(f =>
            $"{VisibleText.Of(f.Algorithm)}, seed {f.Seed}, did not reach its end: {VisibleText.Of(f.Reason, 400)}"
        );
}
