namespace UniPo.Interactive;

/// <summary>Several settings trained with several seeds: their curves, what each reached with its interval, and which differences are real.</summary>
public sealed record ComparedRuns : View
{
    /// <summary>The comparison of runs; those that share algorithm, task, model and settings are seeds of one line.</summary>
    public ComparedRuns(IReadOnlyList<TrainingRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        Runs = runs;
    }

    /// <summary>All runs.</summary>
    public IReadOnlyList<TrainingRun> Runs { get; }

    /// <summary>Metrics with a panel; empty for the usual ones.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    private protected override string Element => "compared-runs";

    private protected override string[] StyleSections => ["curves", "lines", "record", "difference"];

    private LearningCurves Curves => new(Runs) { Metrics = Metrics };

    private protected override void WriteHtml(HtmlWriter html)
    {
        var curves = new LearningCurvesContent(Curves);
        if (curves.Nothing is null) new ComparedRunsHtml(new ComparedRunsContent(curves), html).Write();
        new LearningCurvesHtml(curves, html).Write();
    }

    private protected override void WriteText(TextPage page)
    {
        var curves = new LearningCurvesContent(Curves);
        if (curves.Nothing is null)
        {
            new ComparedRunsText(new ComparedRunsContent(curves), page).Write();
            page.Line();
        }
        new LearningCurvesText(curves, page).Write();
    }
}
