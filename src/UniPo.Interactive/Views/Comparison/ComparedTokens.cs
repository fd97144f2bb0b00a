using System.Text.Json.Nodes;
using UniPo.Numerics;

namespace UniPo.Interactive;

/// <summary>
/// The same responses under several objectives: who pushes which token where, one row for each objective below each response.
/// </summary>
public sealed record ComparedTokens : View
{
    /// <summary>The comparison of reports on one batch.</summary>
    /// <param name="reports">At least one; all evaluated on the same responses.</param>
    /// <exception cref="ArgumentException">There is no report, or they are about different responses.</exception>
    public ComparedTokens(IReadOnlyList<TokenReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        if (reports.Count == 0)
            throw new ArgumentException("A comparison needs at least one report, but there was none.", nameof(reports));
        var layout = reports[0].Batch.Layout;
        foreach (var other in reports)
            if (!other.Batch.Layout.RowStarts.SequenceEqual(layout.RowStarts))
                throw new ArgumentException(
                    $"{other.Objective.Name} was evaluated on {other.Batch.Responses.Count} responses with {other.Batch.Layout.Tokens} tokens, but {reports[0].Objective.Name} on {reports[0].Batch.Responses.Count} with {layout.Tokens}; compare reports on the same batch.",
                    nameof(reports)
                );
        Reports = reports;
    }

    /// <summary>One report for each objective.</summary>
    public IReadOnlyList<TokenReport> Reports { get; }

    /// <summary>What the tokens are coloured by.</summary>
    public TokenColour Colour { get; init; } = TokenColour.Weight;

    /// <summary>Most prompts shown, at least 1.</summary>
    public int Prompts
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Prompts));
    } = 3;

    /// <summary>Most responses shown of each prompt, at least 1.</summary>
    public int ResponsesPerPrompt
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(ResponsesPerPrompt));
    } = 6;

    private protected override string Element => "comparison";

    private protected override string[] StyleSections => ["tokens", "marks", "record", "difference"];

    private protected override IEnumerable<Block> Blocks() => new ComparedTokensContent(this).Blocks();

    private protected override JsonObject? Payload() =>
        Reports[0].Batch.Responses.Count == 0 ? null : new ComparedTokensContent(this).Payload();
}
