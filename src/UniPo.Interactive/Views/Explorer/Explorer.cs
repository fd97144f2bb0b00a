using System.Text.Json.Nodes;
using UniPo.Numerics;

namespace UniPo.Interactive;

/// <summary>
/// A run from overview to token: its curves, one step with its tokens, and the formula with one token's numbers in it.
/// </summary>
/// <remarks>
/// Every step keeps its metrics. Tokens are kept for some well-chosen steps (first, last, extremes and spikes of the metrics, the
/// rest spread evenly), so that the output stays small; a step without tokens says so and names the nearest that has them.
/// </remarks>
public sealed record Explorer : View
{
    /// <summary>The explorer of a run.</summary>
    public Explorer(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Run = run;
    }

    /// <summary>The run.</summary>
    public TrainingRun Run { get; }

    /// <summary>Number of the step that is open at first; null for the last one with tokens.</summary>
    public int? Step { get; init; }

    /// <summary>Metrics with a panel in the overview; empty for the usual ones.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>
    /// Most steps that keep their tokens, at least 1; null for as many as an output has room for (all 150 of a short run).
    /// </summary>
    public int? TokenSteps
    {
        get;
        init => field = value is { } steps ? Require.AtLeast(steps, 1, nameof(TokenSteps)) : null;
    }

    /// <summary>True to keep the tokens of every step, prompt and response, whatever the size.</summary>
    public bool AllTokens { get; init; }

    private protected override string Element => "explorer";

    private protected override string[] StyleSections =>
        ["curves", "lines", "record", "tokens", "marks", "card", "explorer", "why"];

    private protected override IEnumerable<Block> Blocks() =>
        [
            new Picture(
                html => new ExplorerHtml(new ExplorerContent(this), html).Write(),
                page => new ExplorerText(new ExplorerContent(this), page).Write()
            ),
        ];

    private protected override JsonObject? Payload() =>
        Run.Steps.Count == 0 ? null : new ExplorerPayload(new ExplorerContent(this)).Write();
}
