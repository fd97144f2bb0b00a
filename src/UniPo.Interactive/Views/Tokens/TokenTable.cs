using System.Text.Json;
using System.Text.Json.Nodes;
using UniPo.Numerics;

namespace UniPo.Interactive;

/// <summary>
/// Prompts, groups and responses as coloured tokens, with reward and advantage: who is pushed where, and how hard.
/// </summary>
/// <remarks>
/// Purple raises a token's probability, orange lowers it; the number under each token and the glyph before it say the same. A
/// weight of exactly 0 has no colour: a bound of the trust region bites there, or the group teaches nothing.
/// </remarks>
public sealed record TokenTable : View
{
    /// <summary>The table of a batch without an objective: no weights and no advantages yet.</summary>
    public TokenTable(RolloutBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Batch = batch;
    }

    /// <summary>The table of an evaluated objective.</summary>
    public TokenTable(TokenReport report)
    {
        TrainingStep.RequireKept(report);
        (Batch, Report) = (report.Batch, report);
    }

    /// <summary>The responses shown.</summary>
    public RolloutBatch Batch { get; }

    /// <summary>The weights, and why; null for a batch without an objective.</summary>
    public TokenReport? Report { get; }

    /// <summary>What the tokens are coloured by.</summary>
    public TokenColour Colour { get; init; } = TokenColour.Weight;

    /// <summary>Which number gets the full colour.</summary>
    public TokenRange Range { get; init; } = TokenRange.ThisStep;

    /// <summary>Most prompts shown, at least 1.</summary>
    public int Prompts
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Prompts));
    } = 8;

    /// <summary>Most responses shown of each prompt, at least 1.</summary>
    public int ResponsesPerPrompt
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(ResponsesPerPrompt));
    } = 16;

    /// <summary>Most tokens shown of each response, at least 1; the rest is counted.</summary>
    public int TokensPerResponse
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(TokensPerResponse));
    } = 32;

    /// <summary>
    /// Most tokens shown in all, at least 1, so that an output stays small; the last responses are cut first. A response counts
    /// as four tokens more than it has: its row takes room whatever its length.
    /// </summary>
    public int MostTokens
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(MostTokens));
    } = 500;

    /// <summary>What a row counts beside its tokens.</summary>
    internal const int RowInTokens = 4;

    /// <summary>Indices of the prompts to show, in order; null for the first ones.</summary>
    internal IReadOnlyList<int>? Chosen { get; init; }

    private protected override string Element => "token-table";

    private protected override string[] StyleSections => ["tokens", "marks"];

    private protected override IEnumerable<Block> Blocks() =>
        [
            new Picture(
                html => new TokenTableHtml(new TokenTableContent(this), html).Write(),
                page => new TokenTableText(new TokenTableContent(this), page).Write()
            ),
        ];

    private protected override JsonObject? Payload() => TokenPayload([]);

    /// <summary>The data of the tokens shown, for this view and for views that hold such a table.</summary>
    /// <param name="others">Objectives to try on the same rollouts.</param>
    /// <param name="listed">False when the view lists them itself.</param>
    internal JsonObject? TokenPayload(IReadOnlyList<Objective> others, bool listed = true)
    {
        var content = new TokenTableContent(this);
        if (content.Groups.Count == 0)
            return null;
        var payload = WidgetPayload.OfTokens(Batch, Report, content.ShownRows, others, listed);
        payload["size"] = content.Size;
        payload["notes"] = new JsonArray([.. content.Notes().Select(n => (JsonNode)n)]);
        payload["colour"] = JsonNamingPolicy.CamelCase.ConvertName(Colour.ToString());
        if (Range != TokenRange.ThisStep)
            payload["range"] = Range.Name;
        payload["limits"] = new JsonObject(
            Enum.GetValues<TokenColour>()
                .Select(c =>
                    (
                        Name: JsonNamingPolicy.CamelCase.ConvertName(c.ToString()),
                        Of: new TokenColouring(c, c == Colour ? Range : TokenRange.ThisStep, Batch, Report)
                    )
                )
                .Where(c => c.Of.IsMeasured)
                .Select(c => KeyValuePair.Create<string, JsonNode?>(c.Name, Math.Round(c.Of.Limit, 9)))
        );
        return payload;
    }
}
