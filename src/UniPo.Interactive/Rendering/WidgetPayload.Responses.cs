using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>What belongs to responses: whole, also where only some of their tokens are sent.</summary>
internal sealed partial class WidgetPayload
{
    private void Responses(JsonObject payload, IReadOnlyList<Objective> tried)
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
        if (_report is { Totals: { } totals } && Unmasked.IsPart(_report))
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
            payload["hiddenLogRatio"] = Numbers(_rows.Select(r => Moved(_batch.LogProbs, _batch.OldLogProbs, r.Row, r.Shown)));
        if (_rows.Sum(r => r.Shown) < layout.Tokens)
            AddSums(payload, tried);
    }

    /// <summary>
    /// Sums over whole responses, for objectives that need them where some of the tokens are not sent.
    /// </summary>
    private void AddSums(JsonObject payload, IEnumerable<Objective> tried)
    {
        if (
            _batch.ReferenceLogProbs is { } reference
            && tried.Any(o => o is PreferenceObjective or PolicyObjective { Kl: KlInReward })
        )
        {
            var shown = _rows.Where(r => r.Shown == _batch.Layout.Length(r.Row)).Select(r => r.Row).ToHashSet();
            var hidden = Enumerable.Range(0, _batch.Layout.Responses).Where(row => !shown.Contains(row)).ToArray();
            JsonObject Sums(TokenColumn to) =>
                new(hidden.Select(row => KeyValuePair.Create(Interactive.Numbers.Count(row), Finite(Moved(to, reference, row)))));
            payload["moved"] = Sums(_batch.LogProbs);
            payload["penalties"] = Sums(_batch.OldLogProbs);
        }
    }

    // How far a response's log-probability lies from another one, in nats, from one of its tokens on; nobody reads a sixth digit.
    private double Moved(TokenColumn to, TokenColumn from, int row, int first = 0)
    {
        var (sum, layout) = (0.0, _batch.Layout);
        for (var t = layout.RowStarts[row] + first; t < layout.RowStarts[row + 1]; t++)
            if (layout.IsActive(t))
                sum += to.Values[t] - from.Values[t];
        return Math.Round(sum, 5);
    }

    /// <summary>
    /// The rewards of a rubric, for each objective that weighs its items: how sure the judges are is known here, not in the browser.
    /// </summary>
    public static void AddRubrics(JsonObject payload, RolloutBatch batch, IEnumerable<Objective> objectives)
    {
        var rubrics = new JsonObject();
        foreach (var objective in objectives)
            if (objective is PolicyObjective { Advantage: RubricAdvantage rubric } && Judged(rubric, batch) is { } rewards)
                rubrics[objective.Name] = Numbers(rewards);
        if (rubrics.Count > 0)
            payload["rubrics"] = rubrics;
    }

    // Responses without a rubric, or with a damaged one, cannot be tried under such an objective; WidgetChoices says so.
    private static double[]? Judged(RubricAdvantage rubric, RolloutBatch batch)
    {
        try
        {
            return (rubric with { Compare = new RewardOnly(), Range = null, Normalize = null }).PerResponse(batch);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
