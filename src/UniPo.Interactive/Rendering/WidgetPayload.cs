using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// The data behind a view of tokens, for the script: whole where it belongs to responses, the shown part where it belongs to
/// tokens.
/// </summary>
internal sealed partial class WidgetPayload
{
    private readonly RolloutBatch _batch;
    private readonly TokenReport? _report;
    private readonly IReadOnlyList<ShownRow> _rows;
    private readonly int[] _tokens;
    private readonly WidgetChoices _choices;

    private WidgetPayload(RolloutBatch batch, TokenReport? report, IReadOnlyList<ShownRow> rows)
    {
        (_batch, _report, _rows) = (batch, report, rows);
        _choices = ChoicesOf(batch, report, rows);
        _tokens = [.. rows.SelectMany(r => Enumerable.Range(batch.Layout.RowStarts[r.Row], r.Shown))];
    }

    /// <summary>The payload of a table of tokens.</summary>
    /// <param name="batch">The responses.</param>
    /// <param name="report">Their weights; null without an objective.</param>
    /// <param name="rows">What is shown of them, in order.</param>
    /// <param name="others">Further objectives, for "the same rollouts under another algorithm".</param>
    /// <param name="listed">False when they are listed elsewhere, so that only what they need goes into this payload.</param>
    public static JsonObject OfTokens(
        RolloutBatch batch,
        TokenReport? report,
        IReadOnlyList<ShownRow> rows,
        IReadOnlyList<Objective> others,
        bool listed = true
    ) => new WidgetPayload(report is null ? batch : Unmasked.Of(report), report, rows).Write(others, listed);

    /// <summary>Which objectives can be tried on what is shown of a batch.</summary>
    public static WidgetChoices ChoicesOf(RolloutBatch batch, TokenReport? report, IReadOnlyList<ShownRow> rows) =>
        new(batch, report is not null && Unmasked.IsPart(report), rows);

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
        var widest = reports.Select(Unmasked.Of).MaxBy(b => b.Layout.ActiveTokens)!;
        Objective[] objectives = [.. reports.Select(r => r.Objective)];
        var payload = new JsonObject();
        var shared = new WidgetPayload(widest, null, rows);
        shared.Responses(payload, objectives);
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
        if (Objectives(side, [], explored: false, withFormulas: false))
            return side;
        var columns = new PackedColumns(_tokens.Length);
        Reported(columns);
        columns.WriteTo(side);
        return side;
    }

    private JsonObject Write(IReadOnlyList<Objective> others, bool listed)
    {
        var payload = new JsonObject();
        Objective[] tried = _report is null ? [.. others] : [_report.Objective, .. others];
        Responses(payload, tried);
        Symbols(payload);
        var recomputed = Objectives(payload, listed ? others : [], explored: others.Count > 0, withFormulas: !listed);
        var columns = new PackedColumns(_tokens.Length);
        Measured(columns);
        if (!recomputed)
            Reported(columns);
        columns.WriteTo(payload);
        return payload;
    }

    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyz";

    private void Symbols(JsonObject payload)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new List<int>();
        foreach (var row in _rows)
        foreach (var symbol in _batch.Responses[row.Row].Symbols.Take(row.Shown))
        {
            var text = VisibleText.OfToken(symbol);
            if (!index.TryGetValue(text, out var id))
                index.Add(text, id = index.Count);
            ids.Add(id);
        }
        payload["symbols"] = new JsonArray([.. index.Keys.Select(s => (JsonNode)s)]);
        // One character a token where that is enough, which is a half of what numbers take.
        payload["ids"] =
            index.Count <= Letters.Length ? string.Concat(ids.Select(id => Letters[id])) : Numbers(ids.Select(id => (double)id));
    }

    /// <summary>The objective's parts, where evaluating them again gives the report's weights; true when it does.</summary>
    private bool Objectives(JsonObject payload, IReadOnlyList<Objective> others, bool explored, bool withFormulas)
    {
        if (_report is null)
            return false;
        var (parts, why) = ObjectivePayload.Of(_report.Objective, withFormulas);
        if (parts is not null && _choices.Missing(_report.Objective) is { } missing)
            (parts, why) = (null, $"{missing} Its numbers are shown as they were computed.");
        if (parts is not null && !FollowsFormula(_report))
            (parts, why) = (
                null,
                $"What {_report.Objective.Name} computes is not what its formula says, so it cannot be changed here."
            );
        if (parts is not null && !IsReproduced(_report, _batch))
            (parts, why) = (
                null,
                "These weights come from one part of a larger rollout, so they are shown as they were computed."
            );
        if (parts is null)
            payload["why"] = why;
        else
            payload["objective"] = PackedColumns.Text(explored ? WithVariants(parts) : parts);
        if (others.Count > 0)
            (payload["others"], payload["without"]) = _choices.Of(others);
        return parts is not null;
    }

    // The objective with one other part: what a switch of its structure leads to.
    private JsonObject WithVariants(JsonObject parts)
    {
        if (_report!.Objective is PolicyObjective policy)
            parts["variants"] = _choices.Variants(policy);
        return parts;
    }

    // An algorithm of one's own class may compute anything; the script runs what its formula says.
    private static bool FollowsFormula(TokenReport report)
    {
        if (report.Objective is PolicyObjective or PreferenceObjective or ImitationObjective)
            return true;
        var shape = new FormulaShape { Moving = new HashSet<Quantity> { Quantities.LogProb } };
        var program = FormulaProgram.Compile(shape, report.Objective.Formula.Objective, [("log π", Quantities.LogProb)]);
        var inputs = new FormulaInputs { Batch = report.Batch, Totals = report.Totals ?? BatchTotals.Of(report.Batch) };
        var weights = new double[report.Batch.Layout.Tokens];
        using var frame = new UniPo.Formulas.Frame(program, inputs);
        frame.KeepSlopes(program.Named["log π"], weights);
        program.Run(frame);
        var stored = report.Weight.Values.ToArray();
        return weights.Zip(stored).All(w => Math.Abs(w.First - w.Second) <= 1e-9 * (1e-3 + Math.Abs(w.Second)));
    }

    // A step on a part of a rollout keeps the whole rollout's advantages and denominators, which the part alone does not show.
    private static bool IsReproduced(TokenReport report, RolloutBatch batch)
    {
        if (Again(report, batch) is not { } again)
            return false;
        // A log rounds, and the browser gets single precision: what agrees to six digits is the same.
        var stored = report.Weight.Values;
        var largest = 0.0;
        foreach (var weight in stored)
            largest = Math.Max(largest, Math.Abs(weight));
        for (var i = 0; i < stored.Length; i++)
            if (!(Math.Abs(again[i] - stored[i]) <= 1e-6 * Math.Max(Math.Abs(stored[i]), 1e-3 * largest)))
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
        Add(columns, "samplerLogProb", _batch.SamplerLogProbs);
        Add(columns, "samplerWeight", _batch.SamplerWeights);
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

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(Finite)]);

    private static JsonNode? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}

/// <summary>A response that is shown, and how many of its tokens.</summary>
/// <param name="Row">Index of the response in the batch.</param>
/// <param name="Shown">Tokens shown, from the first.</param>
internal readonly record struct ShownRow(int Row, int Shown);
