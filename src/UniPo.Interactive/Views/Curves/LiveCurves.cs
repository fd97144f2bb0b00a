namespace UniPo.Interactive;

/// <summary>
/// Curves of a run that is still going: as high as the finished ones, so that nothing jumps when they are redrawn.
/// </summary>
internal sealed record LiveCurves(TrainingRun Run, int Planned) : View
{
    private static readonly string[] _metrics =
    [
        "reward",
        "held_out_accuracy",
        "policy_loss",
        "grad_norm",
        "kl",
        "entropy",
        "response_length",
        "clip_fraction",
    ];

    private protected override string Element => "live-curves";

    private protected override string[] StyleSections => ["curves", "lines", "live"];

    private LearningCurvesContent Content()
    {
        var measured = Run.Steps.Count == 0 ? [] : Run.Steps[0].Metrics.Keys.ToHashSet(StringComparer.Ordinal);
        return new LearningCurvesContent(
            new LearningCurves([Run]) { Metrics = [.. _metrics.Where(measured.Contains).DefaultIfEmpty("reward")] }
        )
        {
            FirstStep = Run.Steps.Count == 0 ? 0 : Run.Steps[0].Step,
            LastStep = (Run.Steps.Count == 0 ? 0 : Run.Steps[0].Step) + Planned - 1,
        };
    }

    private string Progress => $"step {Numbers.Count(Run.Steps.Count)} of {Numbers.Count(Planned)}";

    private protected override IEnumerable<Block> Blocks() => [new Picture(Draw, Say)];

    private void Draw(HtmlWriter html)
    {
        var content = Content();
        html.Heading(content.Title, Progress);
        html.Open(
            "svg",
            ("class", "progress"),
            ("viewBox", "0 0 100 1"),
            ("preserveAspectRatio", "none"),
            ("width", "100%"),
            ("height", "3"),
            ("aria-hidden", "true")
        );
        html.Shape("path", ("class", "grid"), ("stroke", "#dddddd"), ("d", "M0 .5h100"));
        html.Shape(
                "path",
                ("class", "done"),
                ("stroke", "#1d5fa8"),
                ("d", $"M0 .5h{Numbers.At(100.0 * Run.Steps.Count / Planned)}")
            )
            .Close()
            .Line();
        new CurvePanels(content, html).Write();
    }

    private void Say(TextPage page)
    {
        page.Line($"{VisibleText.Of(Run.Header.Algorithm)}, {Progress}");
        if (Run.Steps.Count > 0)
            page.Flow(
                Run.Steps[^1].Metrics.Select(m => $"{MetricGlossary.Find(m.Key).Label} {Numbers.Short(m.Value)};"),
                indent: 2
            );
    }
}
