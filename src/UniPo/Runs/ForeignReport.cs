using System.Text.Json;

namespace UniPo;

/// <summary>Puts the tokens of another program's log together to a report, as far as its columns reach.</summary>
/// <remarks>
/// Only ids and strings are sure to be there. A column that is missing is null, a number that is missing NaN, never 0. Weights
/// are computed where the log names an algorithm that is known and holds what that needs; otherwise they are NaN, too.
/// </remarks>
internal sealed class ForeignReport
{
    private readonly JsonElement[] _responses;
    private readonly TokenLayout _layout;

    private ForeignReport(JsonElement[] responses, TokenLayout layout) => (_responses, _layout) = (responses, layout);

    /// <summary>The report, and one sentence on where its weights come from; null when no response has tokens.</summary>
    public static (TokenReport Report, string Note)? Read(
        JsonElement prompts,
        RunHeader header,
        IReadOnlyDictionary<string, double> metrics
    )
    {
        var groups = prompts
            .EnumerateArray()
            .Where(p => p.Find("responses") is { ValueKind: JsonValueKind.Array } r && r.GetArrayLength() > 0)
            .ToArray();
        JsonElement[][] rows = [.. groups.Select(g => g.GetProperty("responses").EnumerateArray().ToArray())];
        JsonElement[] all = [.. rows.SelectMany(r => r)];
        var strings = all.Select(Strings).ToArray();
        if (strings.All(s => s.Length == 0))
            return null;
        var reader = new ForeignReport(all, new TokenLayout([.. strings.Select(s => s.Length)], [.. rows.Select(r => r.Length)]));
        var responses = all.Select((r, i) => new Response { Symbols = strings[i], Reward = Number(r, "reward") }).ToArray();
        var batch = reader.Batch([
            .. groups.Select(
                (g, i) =>
                    new ResponseGroup(
                        new Prompt(g.Text("prompt") ?? ""),
                        [.. responses.AsSpan(reader._layout.GroupStarts[i], rows[i].Length)]
                    )
            ),
        ]);
        return reader.Report(batch, header, metrics);
    }

    private RolloutBatch Batch(IReadOnlyList<ResponseGroup> groups)
    {
        var missing = new TokenColumn(_layout, [.. Enumerable.Repeat(double.NaN, _layout.Tokens)]);
        var now = Column("log_probs") ?? Logarithm(Column("prob")) ?? missing;
        return new RolloutBatch
        {
            Groups = groups,
            Layout = _layout,
            LogProbs = now,
            OldLogProbs = Column("old_log_probs") ?? missing,
            ReferenceLogProbs = Column("ref_log_probs"),
            OldValues = Column("values"),
            Values = Column("values"),
        };
    }

    private (TokenReport, string) Report(RolloutBatch batch, RunHeader header, IReadOnlyDictionary<string, double> metrics)
    {
        var advantages = Column("advantages") ?? PerResponse("advantage");
        if (
            RecognisedObjective.Of(header) is { } objective
            && advantages is not null
            && RecognisedObjective.Evaluate(objective, batch, advantages) is { } computed
        )
            return (
                computed with
                {
                    Objective = objective,
                    TokenObjective = Column("token_objective") ?? computed.TokenObjective,
                },
                $"The log holds no weights. They were computed here from its log-probabilities and advantages, as {objective.Name} does, over the responses the log holds."
            );
        var unknown = new TokenColumn(_layout, [.. Enumerable.Repeat(double.NaN, _layout.Tokens)]);
        var report = new TokenReport
        {
            Objective = new LoggedObjective { Name = header.Algorithm },
            Batch = batch,
            Weight = unknown,
            Advantage = advantages,
            Ratio = Ratio(batch),
            Kl = Column("token_kl"),
            TokenObjective = Column("token_objective"),
            Summary = ReportLog.Summary(default, metrics),
        };
        return (
            report,
            "The log holds no weights, and not what computing them would need (log-probabilities, old ones, advantages, a known algorithm)."
        );
    }

    private TokenColumn? Ratio(RolloutBatch batch)
    {
        var ratio = batch
            .LogProbs.Values.ToArray()
            .Zip(batch.OldLogProbs.Values.ToArray(), (now, old) => Math.Exp(now - old))
            .ToArray();
        return ratio.Any(double.IsFinite) ? new TokenColumn(_layout, ratio) : null;
    }

    private TokenColumn? Logarithm(TokenColumn? probabilities) =>
        probabilities is null
            ? null
            : new TokenColumn(_layout, [.. probabilities.Values.ToArray().Select(p => p > 0 ? Math.Log(p) : double.NaN)]);

    private TokenColumn? PerResponse(string name) =>
        _responses.Any(r => double.IsFinite(Number(r, name)))
            ? new TokenColumn(
                _layout,
                [.. _responses.SelectMany((r, row) => Enumerable.Repeat(Number(r, name), _layout.Length(row)))]
            )
            : null;

    /// <summary>One column of all responses; null when none has it.</summary>
    private TokenColumn? Column(string name)
    {
        var values = new double[_layout.Tokens];
        Array.Fill(values, double.NaN);
        var found = false;
        for (var row = 0; row < _responses.Length; row++)
        {
            if (_responses[row].Find("tokens")?.Find(name) is not { ValueKind: JsonValueKind.Array } array)
                continue;
            if (array.GetArrayLength() != _layout.Length(row))
                throw new FormatException(
                    $"response {row} of the step has {_layout.Length(row)} tokens, but its '{name}' holds {array.GetArrayLength()} numbers."
                );
            var token = _layout.RowStarts[row];
            foreach (var value in array.EnumerateArray())
                values[token++] = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
            found = true;
        }
        return found ? new TokenColumn(_layout, values) : null;
    }

    private static string[] Strings(JsonElement response) =>
        response.Find("tokens")?.Find("strings") is { ValueKind: JsonValueKind.Array } strings
            ? [.. strings.EnumerateArray().Select(s => s.ValueKind == JsonValueKind.String ? s.GetString()! : s.GetRawText())]
            : [];

    private static double Number(JsonElement json, string name) =>
        json.Find(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;
}
