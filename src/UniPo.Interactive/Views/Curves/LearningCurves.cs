using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>Metrics over the steps of one run, or of several runs in the same panels.</summary>
/// <remarks>
/// Runs with the same algorithm, task, model and settings are seeds of one line: their mean, and a band around it.
/// </remarks>
public sealed record LearningCurves : View
{
    private static readonly string[] _usual =
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

    /// <summary>Curves of these runs.</summary>
    public LearningCurves(IReadOnlyList<TrainingRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        Runs = runs;
    }

    /// <summary>The runs.</summary>
    public IReadOnlyList<TrainingRun> Runs { get; }

    /// <summary>
    /// Keys of the metrics shown (see <see cref="MetricGlossary"/>), one panel each; empty for the usual ones that were measured.
    /// </summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>
    /// Steps in the running mean that is drawn bold over the raw curve: 1 for none, null to choose by the length of the run.
    /// </summary>
    public int? Smoothing
    {
        get;
        init =>
            field = value is null or >= 1
                ? value
                : throw new ArgumentOutOfRangeException(
                    nameof(Smoothing),
                    value,
                    $"Smoothing must be at least 1 step, but was {value}."
                );
    }

    /// <summary>
    /// The curves as a plotly figure (<c>data</c> and <c>layout</c>) in JSON, for Plotly.NET and front ends that draw plotly.
    /// </summary>
    public string ToPlotlyJson() => new PlotlyFigure(new LearningCurvesContent(this)).Write().ToJsonString();

    /// <summary>The metrics that have a panel: the chosen ones, or the usual ones that some run measured.</summary>
    internal IReadOnlyList<string> Panels()
    {
        if (Metrics.Count > 0)
            return Metrics;
        var measured = Runs.SelectMany(r => r.Steps).SelectMany(s => s.Metrics.Keys).ToHashSet(StringComparer.Ordinal);
        var usual = _usual.Where(measured.Contains).ToArray();
        return usual.Length > 0 ? usual : [.. measured.Order(StringComparer.Ordinal).Take(8)];
    }

    private protected override string Element => "learning-curves";

    private protected override string[] StyleSections => ["curves", "lines", "record"];

    private protected override IEnumerable<Block> Blocks() => new LearningCurvesContent(this).Blocks();

    private protected override JsonObject? Payload()
    {
        var content = new LearningCurvesContent(this);
        return content.Nothing is null ? WidgetRuns.Of(content) : null;
    }
}
