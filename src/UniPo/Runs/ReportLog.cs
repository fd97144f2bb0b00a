using System.Text.Json;

namespace UniPo;

/// <summary>Puts the token arrays of a log's step together to a <see cref="TokenReport"/>.</summary>
internal static class ReportLog
{
    /// <summary>True when every response tells the weights of its tokens; another program's log does not.</summary>
    public static bool HasWeights(JsonElement prompts) =>
        prompts.GetArrayLength() > 0
        && prompts
            .EnumerateArray()
            .All(p =>
                p.Find("responses") is { ValueKind: JsonValueKind.Array } responses
                && responses.EnumerateArray().All(r => r.Beyond().Find("weight") is not null)
            );

    public static TokenReport Read(
        JsonElement prompts,
        JsonElement beyond,
        RunHeader header,
        IReadOnlyDictionary<string, double> metrics
    )
    {
        JsonElement[][] rows = [.. prompts.EnumerateArray().Select(p => p.GetProperty("responses").EnumerateArray().ToArray())];
        JsonElement[] all = [.. rows.SelectMany(r => r)];
        int[] lengths = [.. all.Select(r => r.GetProperty("tokens").GetProperty("strings").GetArrayLength())];
        var layout = new TokenLayout(lengths, [.. rows.Select(r => r.Length)], Mask(all, lengths));
        ResponseGroup[] groups =
        [
            .. prompts
                .EnumerateArray()
                .Select(
                    (p, g) =>
                        new ResponseGroup(
                            new Prompt(p.Text("prompt") ?? "", p.Beyond().Text("answer")),
                            [.. rows[g].Select(ReadResponse)]
                        )
                ),
        ];

        TokenColumn? Tokens(string name) => Column(layout, all, r => r.GetProperty("tokens").Find(name), name);
        TokenColumn? Ours(string name) => Column(layout, all, r => r.Beyond().Find(name), name);
        var logProbs =
            Tokens("log_probs")
            ?? Tokens("old_log_probs")
            ?? throw new FormatException("a response has neither 'log_probs' nor 'old_log_probs'.");
        var values = Tokens("values");
        var batch = new RolloutBatch
        {
            Groups = groups,
            Layout = layout,
            LogProbs = logProbs,
            OldLogProbs = Tokens("old_log_probs") ?? logProbs,
            ReferenceLogProbs = Tokens("ref_log_probs"),
            Entropies = Ours("entropy"),
            Values = values,
            OldValues = Ours("old_values") ?? values,
            RewardNames = beyond.Find("reward_names") is { } names
                ? [.. names.Elements("reward_names").Select(n => Text(n, "reward_names"))]
                : [],
            Temperature = beyond.Number("temperature") ?? 1,
        };
        var report = new TokenReport
        {
            Objective = new LoggedObjective { Name = header.Algorithm },
            Batch = batch,
            Weight = Ours("weight")!,
            Advantage = Tokens("advantages"),
            Ratio = Ours("ratio"),
            Clipped = Ours("clipped")
                ?.Values.ToArray()
                .Select(v =>
                    v switch
                    {
                        < 0 => ClipSide.Low,
                        > 1 => ClipSide.Dropped,
                        > 0 => ClipSide.High,
                        _ => ClipSide.None,
                    }
                )
                .ToArray(),
            Kl = Tokens("token_kl"),
            TokenObjective = Tokens("token_objective"),
            AggregationWeight = Ours("aggregation_weight"),
            EntropyWeight = Ours("entropy_weight"),
            ValueWeight = Ours("value_weight"),
            Totals = beyond.Find("totals") is { } totals ? ReadTotals(totals) : null,
            Summary = Summary(beyond.Find("summary") ?? default, metrics),
        };
        return RecognisedObjective.Of(header) is { } objective && RecognisedObjective.Explains(objective, report)
            ? report with
            {
                Objective = objective,
            }
            : report;
    }

    private static BatchTotals ReadTotals(JsonElement json) =>
        new()
        {
            Responses = json.Number("responses") ?? 0,
            ActiveResponses = json.Number("active_responses") ?? 0,
            ActiveTokens = json.Number("active_tokens") ?? 0,
            Groups = json.Number("prompts") ?? 0,
            MaxLength = json.Number("max_length") ?? 0,
        };

    private static Response ReadResponse(JsonElement json)
    {
        var tokens = json.GetProperty("tokens");
        int[]? ids = tokens.Find("ids") is { } list ? [.. list.EnumerateArray().Select(id => id.GetInt32())] : null;
        return new Response
        {
            Symbols = [.. tokens.GetProperty("strings").Elements("strings").Select(s => Text(s, "strings"))],
            Tokens = ids is null || ids.Contains(-1) ? null : ids,
            Reward = json.Number("reward") ?? throw new FormatException("a response has no 'reward'."),
            RewardParts = json.Beyond().Find("reward_parts") is { } parts
                ? [.. parts.Elements("reward_parts").Select(p => Number(p, "reward_parts"))]
                : [],
            Truncated = json.Beyond().Find("truncated")?.ValueKind == JsonValueKind.True,
        };
    }

    private static bool[]? Mask(JsonElement[] responses, int[] lengths) =>
        responses.Any(r => r.Beyond().Find("active") is not null)
            ?
            [
                .. responses.SelectMany(
                    (r, i) =>
                        r.Beyond().Find("active") is { } active
                            ? active.EnumerateArray().Select(a => a.GetBoolean())
                            : Enumerable.Repeat(true, lengths[i])
                ),
            ]
            : null;

    private static string Text(JsonElement json, string field) =>
        json.GetString() ?? throw new FormatException($"the field '{field}' must hold texts, but one was null.");

    private static double Number(JsonElement json, string field) =>
        json.GetDouble() is var number && double.IsFinite(number)
            ? number
            : throw new FormatException($"the field '{field}' must hold finite numbers, but one was {json.GetRawText()}.");

    private static TokenColumn? Column(
        TokenLayout layout,
        JsonElement[] responses,
        Func<JsonElement, JsonElement?> find,
        string name
    )
    {
        var values = new double[layout.Tokens];
        for (var row = 0; row < responses.Length; row++)
        {
            if (find(responses[row]) is not { } array)
                return null;
            if (array.GetArrayLength() != layout.Length(row))
                throw new FormatException(
                    $"the response '{responses[row].Text("id")}' has {layout.Length(row)} tokens, but its '{name}' holds {array.GetArrayLength()} numbers."
                );
            var token = layout.RowStarts[row];
            foreach (var value in array.EnumerateArray())
                values[token++] = value.ValueKind == JsonValueKind.Null ? double.NaN : Number(value, name);
        }
        return new TokenColumn(layout, values);
    }

    internal static ObjectiveSummary Summary(JsonElement json, IReadOnlyDictionary<string, double> metrics)
    {
        double? Number(string ours, string metric) =>
            json.Number(ours) ?? (metrics.TryGetValue(metric, out var value) ? value : null);
        return new ObjectiveSummary
        {
            Objective = Number("objective", "policy_objective") ?? -Number("loss", "policy_loss") ?? double.NaN,
            ClipFraction = Number("clip_fraction", "clip_fraction"),
            ClipFractionLow = json.Number("clip_fraction_low"),
            ClipFractionHigh = json.Number("clip_fraction_high"),
            Kl = json.Number("kl"),
            KlToOld = json.Number("kl_to_old"),
            ValueClipFraction = json.Number("value_clip_fraction"),
            RatioMean = Number("ratio_mean", "importance_sampling_ratio"),
            RatioMin = json.Number("ratio_min"),
            RatioMax = json.Number("ratio_max"),
            SilentGroups = Number("silent_groups", "silent_groups"),
            TokensWithoutGradient = Number("tokens_without_gradient", "tokens_without_gradient") ?? double.NaN,
        };
    }
}
