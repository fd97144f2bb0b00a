using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// The data behind a view of tokens, for the script: whole where it belongs to responses, the shown part where it belongs to
/// tokens.
/// </summary>
internal sealed class WidgetPayload
{
    private readonly RolloutBatch _batch;
    private readonly TokenReport? _report;
    private readonly IReadOnlyList<ShownRow> _rows;
    private readonly int[] _tokens;

    private WidgetPayload(RolloutBatch batch, TokenReport? report, IReadOnlyList<ShownRow> rows)
    {
        (_batch, _report, _rows) = (batch, report, rows);
        _tokens = [.. rows.SelectMany(r => Enumerable.Range(batch.Layout.RowStarts[r.Row], r.Shown))];
    }

    /// <summary>The payload of a table of tokens.</summary>
    /// <param name="batch">The responses.</param>
    /// <param name="report">Their weights; null without an objective.</param>
    /// <param name="rows">What is shown of them, in order.</param>
    /// <param name="others">Further objectives, for "the same rollouts under another algorithm".</param>
    public static JsonObject OfTokens(
        RolloutBatch batch,
        TokenReport? report,
        IReadOnlyList<ShownRow> rows,
        params IReadOnlyList<Objective> others
    ) => new WidgetPayload(batch, report, rows).Write(others);

    /// <summary>The payload of several reports on the same responses: the responses once, and one side for each report.</summary>
    /// <param name="reports">At least one.</param>
    /// <param name="names">Their names, in the same order.</param>
    /// <param name="rows">What is shown, in order.</param>
    public static JsonObject OfSides(
        IReadOnlyList<TokenReport> reports,
        IReadOnlyList<string> names,
        IReadOnlyList<ShownRow> rows
    )
    {
        // An objective may have masked responses; the others still need to see them.
        var widest = reports.MaxBy(r => r.Batch.Layout.ActiveTokens)!.Batch;
        var payload = new JsonObject();
        var shared = new WidgetPayload(widest, null, rows);
        shared.Responses(payload);
        shared.Symbols(payload);
        var columns = new PackedColumns(shared._tokens.Length);
        shared.Measured(columns);
        columns.WriteTo(payload);
        payload["sides"] = new JsonArray([
            .. reports.Select((r, s) => (JsonNode)new WidgetPayload(widest, r, rows).Side(names[s])),
        ]);
        return payload;
    }

    /// <summary>
    /// What only one of several objectives knows: its parts, or the numbers themselves where the browser cannot compute them.
    /// </summary>
    private JsonObject Side(string name)
    {
        var side = new JsonObject { ["name"] = name };
        if (Objectives(side, []))
            return side;
        var columns = new PackedColumns(_tokens.Length);
        Reported(columns);
        columns.WriteTo(side);
        return side;
    }

    private JsonObject Write(IReadOnlyList<Objective> others)
    {
        var payload = new JsonObject();
        Responses(payload);
        Symbols(payload);
        var recomputed = Objectives(payload, others);
        var columns = new PackedColumns(_tokens.Length);
        Measured(columns);
        if (!recomputed)
            Reported(columns);
        columns.WriteTo(payload);
        return payload;
    }

    private void Responses(JsonObject payload)
    {
        var layout = _batch.Layout;
        var starts = new List<int> { 0 };
        foreach (var row in _rows)
            starts.Add(starts[^1] + row.Shown);
        payload["rowIds"] = Numbers(_rows.Select(r => (double)r.Row));
        payload["rowStarts"] = Numbers(starts.Select(s => (double)s));
        payload["groupStarts"] = Numbers(layout.GroupStarts.ToArray().Select(s => (double)s));
        payload["rewards"] = Numbers(_batch.Rewards());
        payload["lengths"] = Numbers(layout.ActiveInRow.ToArray().Select(n => (double)n));
        if (_batch.Responses.Any(r => r.Truncated))
            payload["truncated"] = Numbers(_batch.Responses.Select(r => r.Truncated ? 1.0 : 0));
        payload["maxLength"] = _batch.MaxTokens ?? layout.MaxLength;
        if (
            _report is { Totals: { } totals }
            && totals != BatchTotals.Of(_batch)
            && _report.Objective is not PolicyObjective { Aggregation: MicroBatchTokenMean }
        )
            payload["totals"] = new JsonObject
            {
                ["responses"] = totals.Responses,
                ["activeResponses"] = totals.ActiveResponses,
                ["activeTokens"] = totals.ActiveTokens,
                ["groups"] = totals.Groups,
                ["maxLength"] = totals.MaxLength,
            };
        payload["prompts"] = new JsonArray([
            .. _rows
                .Select(r => _batch.Layout.GroupOf[r.Row])
                .Distinct()
                .Select(g => new JsonObject
                {
                    ["group"] = g,
                    ["text"] = VisibleText.Of(_batch.Groups[g].Prompt.Text),
                    ["answer"] = _batch.Groups[g].Prompt.Answer is { } answer ? VisibleText.Of(answer, 40) : null,
                }),
        ]);
        if (_batch.GreedyRewards is { } greedy)
            payload["greedyRewards"] = Numbers(greedy);
        if (_rows.Any(r => r.Shown < layout.Length(r.Row)))
            payload["hiddenLogRatio"] = Numbers(_rows.Select(HiddenLogRatio));
    }

    private double HiddenLogRatio(ShownRow row)
    {
        var (sum, start) = (0.0, _batch.Layout.RowStarts[row.Row]);
        for (var t = start + row.Shown; t < _batch.Layout.RowStarts[row.Row + 1]; t++)
            if (_batch.Layout.IsActive(t))
                sum += _batch.LogProbs.Values[t] - _batch.OldLogProbs.Values[t];
        return sum;
    }

    private void Symbols(JsonObject payload)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new List<double>();
        foreach (var row in _rows)
        foreach (var symbol in _batch.Responses[row.Row].Symbols.Take(row.Shown))
        {
            var text = VisibleText.OfToken(symbol);
            if (!index.TryGetValue(text, out var id))
                index.Add(text, id = index.Count);
            ids.Add(id);
        }
        payload["symbols"] = new JsonArray([.. index.Keys.Select(s => (JsonNode)s)]);
        payload["ids"] = Numbers(ids);
    }

    /// <summary>The objective's parts, where evaluating them again gives the report's weights; true when it does.</summary>
    private bool Objectives(JsonObject payload, IReadOnlyList<Objective> others)
    {
        if (_report is null)
            return false;
        var (parts, why) = WidgetObjective.Of(_report.Objective);
        if (parts is not null && !IsReproduced(_report, _batch))
            (parts, why) = (
                null,
                "These weights come from one part of a larger rollout, so they are shown as they were computed."
            );
        if (parts is null)
            payload["why"] = why;
        else
            payload["objective"] = parts;
        if (others.Count > 0)
            payload["others"] = WidgetObjective.Known(others);
        return parts is not null;
    }

    // A step on a part of a rollout keeps the whole rollout's advantages and denominators, which the part alone does not show.
    private static bool IsReproduced(TokenReport report, RolloutBatch batch)
    {
        if (Again(report, batch) is not { } again)
            return false;
        var stored = report.Weight.Values;
        for (var i = 0; i < stored.Length; i++)
            if (!(Math.Abs(again[i] - stored[i]) <= 1e-9 * Math.Max(1e-6, Math.Abs(stored[i]))))
                return false;
        return true;
    }

    private static double[]? Again(TokenReport report, RolloutBatch batch)
    {
        try
        {
            var credited = report.Objective.Credit(batch);
            return report
                .Objective.Evaluate(report.Totals is { } totals ? credited with { Totals = totals } : credited)
                .Weight.Values.ToArray();
        }
        catch (ArgumentException)
        {
            return null; // read from a log without a column that the objective needs, a critic's values for instance
        }
    }

    private void Measured(PackedColumns columns)
    {
        Add(columns, "logProb", _batch.LogProbs);
        Add(columns, "oldLogProb", _batch.OldLogProbs);
        Add(columns, "referenceLogProb", _batch.ReferenceLogProbs);
        Add(columns, "entropy", _batch.Entropies);
        Add(columns, "value", _batch.OldValues ?? _batch.Values);
        if (_batch.OldValues is not null)
            Add(columns, "newValue", _batch.Values);
        Add(columns, "tokenReward", _batch.TokenRewards);
        if (!_batch.Layout.Mask.IsEmpty)
            columns.Add("mask", _tokens.Select(t => _batch.Layout.IsActive(t) ? 1.0 : 0));
    }

    private void Reported(PackedColumns columns)
    {
        if (_report is null)
            return;
        Add(columns, "weight", _report.Weight);
        Add(columns, "advantage", _report.Advantage);
        Add(columns, "ratio", _report.Ratio);
        Add(columns, "kl", _report.Kl);
        Add(columns, "objective", _report.TokenObjective);
        Add(columns, "aggregation", _report.AggregationWeight);
        if (_report.Clipped is { } sides)
            columns.Add("clipped", _tokens.Select(t => (double)sides[t]));
    }

    private void Add(PackedColumns columns, string name, TokenColumn? column)
    {
        if (column is null)
            return;
        var values = column.Values.ToArray();
        columns.Add(name, _tokens.Select(t => values[t]));
    }

    private static JsonArray Numbers(IEnumerable<double> values) =>
        new([.. values.Select(v => double.IsFinite(v) ? JsonValue.Create(v) : null)]);
}

/// <summary>A response that is shown, and how many of its tokens.</summary>
/// <param name="Row">Index of the response in the batch.</param>
/// <param name="Shown">Tokens shown, from the first.</param>
internal readonly record struct ShownRow(int Row, int Shown);
