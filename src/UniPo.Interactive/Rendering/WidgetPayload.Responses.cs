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
        if (tried.Any(UsesParts) && _batch.Responses.Count > 0 && _batch.Responses[0].RewardParts is { Count: > 0 } parts)
        {
            payload["rewardParts"] = OfParts(parts, r => r.RewardParts);
            if (_batch.Responses.Any(r => r.RewardConfidences.Count > 0))
                payload["rewardConfidences"] = OfParts(parts, r => r.RewardConfidences);
        }
        if (_rows.Sum(r => r.Shown) < layout.Tokens)
            AddSums(payload, tried);
    }

    /// <summary>
    /// Sums over whole responses, for objectives that need them where some of the tokens are not sent.
    /// </summary>
    private void AddSums(JsonObject payload, IEnumerable<Objective> tried)
    {
        var sums = new JsonObject();
        foreach (var objective in tried)
            if (ObjectivePayload.Of(objective).Parts is { } parts)
                foreach (var (name, body) in new HiddenSums(parts).Find().Bodies)
                    if (!sums.ContainsKey(name) && Column(body) is { } column)
                        sums[name] = Sums(column);
        if (sums.Count > 0)
            payload["sums"] = sums;
    }

    // Responses that are shown whole need none; nobody reads a ninth digit.
    private JsonObject Sums(double[] column)
    {
        var shown = _rows.ToDictionary(r => r.Row, r => r.Shown);
        var (sums, layout) = (new JsonObject(), _batch.Layout);
        for (var row = 0; row < layout.Responses; row++)
        {
            var (first, sum) = (shown.GetValueOrDefault(row), 0.0);
            for (var t = layout.RowStarts[row] + first; t < layout.RowStarts[row + 1]; t++)
                if (layout.IsActive(t))
                    sum += column[t];
            if (first < layout.Length(row))
                sums[Interactive.Numbers.Count(row)] = Finite(Math.Round(sum, 6));
        }
        return sums;
    }

    // The numbers of what is summed; null where the batch lacks them, and the objective cannot be tried.
    private double[]? Column(Expression body)
    {
        try
        {
            var program = FormulaProgram.Compile(new FormulaShape(), body, []);
            if (program.Root.Level != Level.Token)
                return null;
            var column = new double[_batch.Layout.Tokens];
            using var frame = new UniPo.Formulas.Frame(
                program,
                new FormulaInputs { Batch = _batch, Totals = BatchTotals.Of(_batch) }
            );
            frame.Keep(program.Root, column);
            program.Run(frame, backwards: false);
            if (program.Root is TokenLeaf)
                return ValuesOf(frame, program.Root);
            return column;
        }
        catch (Exception fault) when (fault is ArgumentException or FormulaException)
        {
            return null;
        }
    }

    private double[] ValuesOf(UniPo.Formulas.Frame frame, Node leaf)
    {
        var column = new double[_batch.Layout.Tokens];
        for (var row = 0; row < _batch.Layout.Responses; row++)
        {
            frame.MoveTo(row);
            ((TokenLeaf)leaf).Read(frame).CopyTo(column.AsSpan(_batch.Layout.RowStarts[row]));
        }
        return column;
    }

    private static bool UsesParts(Objective objective) =>
        objective
            is PolicyObjective { Advantage: { Weights: not null } or RubricAdvantage or NormalizedRewardSum or WrittenAdvantage };

    private JsonArray OfParts(IReadOnlyList<double> first, Func<Response, IReadOnlyList<double>> of) =>
        new([
            .. Enumerable
                .Range(0, first.Count)
                .Select(k => Numbers(_batch.Responses.Select(r => k < of(r).Count ? of(r)[k] : double.NaN))),
        ]);
}
