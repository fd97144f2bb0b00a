using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// What a trust region makes of a token: its term against the ratio, for good tokens (A &gt; 0) and bad ones (A &lt; 0).
/// </summary>
/// <remarks>
/// Where the curve is flat there is no gradient, so the token is left alone. Each dot is a token of the batch; a ring is a
/// stopped one.
/// </remarks>
public sealed record ClipPlot : View
{
    /// <summary>The curve of a trust region alone.</summary>
    public ClipPlot(TrustRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        Region = region;
    }

    /// <summary>The curve of a report's objective with the batch's tokens.</summary>
    public ClipPlot(TokenReport report)
    {
        TrainingStep.RequireKept(report);
        Report = report;
        Region = (report.Objective as PolicyObjective)?.Clip;
    }

    /// <summary>The trust region; null where the objective has none to draw.</summary>
    public TrustRegion? Region { get; }

    /// <summary>The tokens drawn as dots; null for the curve alone.</summary>
    public TokenReport? Report { get; }

    private protected override string Element => "clip-plot";

    private protected override string[] StyleSections => ["plots", "lines", "record"];

    private protected override IEnumerable<Block> Blocks() =>
        Region is null ? [new Notes(Nothing)] : new ClipPlotContent(Region, Report).Blocks();

    private protected override JsonObject? Payload() => Region is null ? null : new ClipPlotContent(Region, Report).Payload();

    private string Nothing =>
        $"{VisibleText.Of(Report!.Objective.Name)} is not put together from a ratio and a trust region, so there is no clip plot.";
}
