namespace UniPo.Interactive;

/// <summary>
/// The metrics of a run as rings around a clock of its steps: a whole run at one glance. Learning curves read more exactly.
/// </summary>
/// <remarks>
/// Each ring goes from its lowest number (inside) to its highest (outside); both are written beside it, because two rings of
/// equal look may mean different things.
/// </remarks>
public sealed record RadialOverview : View
{
    /// <summary>The overview of a run.</summary>
    public RadialOverview(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Run = run;
    }

    /// <summary>The run.</summary>
    public TrainingRun Run { get; }

    /// <summary>
    /// Metrics with a ring, from the outside to the inside, at most 4; empty for reward, KL, entropy and length.
    /// </summary>
    public IReadOnlyList<string> Metrics
    {
        get;
        init =>
            field = value is { Count: <= 4 }
                ? value
                : throw new ArgumentException($"A radial overview has room for 4 metrics, but {value.Count} were given.");
    } = [];

    private protected override string Element => "radial-overview";

    private protected override string[] StyleSections => ["lines", "curves", "radial", "record"];

    private LearningCurvesContent Content()
    {
        string[] usual = ["reward", "kl", "entropy", "response_length"];
        var measured = Run.Steps.SelectMany(s => s.Metrics.Keys).ToHashSet(StringComparer.Ordinal);
        return new LearningCurvesContent(
            Run.Curves() with
            {
                Smoothing = 1,
                Metrics = Metrics.Count > 0 ? Metrics : [.. usual.Where(measured.Contains)],
            }
        );
    }

    private protected override IEnumerable<Block> Blocks() =>
        [
            new Picture(
                html => new RadialOverviewHtml(Content(), html).Write(),
                page =>
                {
                    foreach (var block in Content().Blocks())
                        block.Write(page);
                }
            ),
        ];
}
