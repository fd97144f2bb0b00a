using System.Text.Json;
using System.Text.Json.Nodes;
using UniPo.Tests;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The same formula in C# and in the browser's script, on random batches: every column agrees to 1e-12.</summary>
public sealed class TwinTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly BatchTotals _larger = new()
    {
        Responses = 61,
        ActiveResponses = 59,
        ActiveTokens = 443,
        Groups = 17,
        MaxLength = 29,
        Pairs = 23,
    };

    private readonly RolloutBatch[] _batches = [.. Enumerable.Range(1, 8).Select(seed => RandomBatch.Create((ulong)seed))];

    [Fact]
    public async Task Every_preset_gives_the_columns_of_CSharp() =>
        await AssertAgree(Algorithms.All.Select(a => (Objective)a), 10_000);

    [Fact]
    public async Task Every_part_in_every_setting_gives_the_columns_of_CSharp() =>
        await AssertAgree(PartCases.All.Values, 50_000);

    [Fact]
    public async Task Parts_that_a_learner_wrote_give_the_columns_of_CSharp() =>
        await AssertAgree([.. OwnParts.All, OwnParts.Whole], 1_000);

    [Fact]
    public async Task Constant_beyond_a_clamped_log_ratio_has_no_slope()
    {
        // K1 with a clamp of 0.2 at u = 1: the estimate is 0.2, and nothing pushes.
        var batch = RolloutBatch.ByHand("1+1=", [new HandResponse("2", 1, [-1]) { ReferenceLogProbs = [-2] }]);
        var objective = Algorithms.Grpo with { Kl = Kl.InLoss(1, new K1Estimator { LogRatioClamp = 0.2 }) };
        var report = objective.Evaluate(batch);
        Assert.Equal((0.2, 0.0), (report.Kl!.Values[0], report.Weight.Values[0]));
        await AssertAgree([objective], 1, batch);
    }

    private async Task AssertAgree(IEnumerable<Objective> objectives, int least, params RolloutBatch[] batches)
    {
        batches = batches.Length == 0 ? _batches : batches;
        var cases = new JsonArray();
        var refused = new List<string>();
        foreach (var objective in objectives)
        {
            var (parts, why) = ObjectivePayload.Of(objective);
            if (parts is null)
                refused.Add($"{objective.Name}: {why}");
            else
                for (var b = 0; b < batches.Length; b++)
                    cases.Add(Case(objective, parts, b, batches[b]));
        }
        var input = new JsonObject
        {
            ["batches"] = new JsonArray([.. batches.Select(b => (JsonNode)Batch(b))]),
            ["cases"] = cases,
        };
        var answer = JsonNode.Parse(await NodeScripts.NodeAsync(["build.mjs", "--test", "twin"], input.ToJsonString(_named)))!;
        output.WriteLine($"{answer["cases"]} cases, {answer["numbers"]} numbers; largest gaps {answer["worst"]!.ToJsonString()}");
        Assert.Empty(refused);
        Assert.True(answer["failures"]!.AsArray().Count == 0, string.Join('\n', answer["failures"]!.AsArray().Take(20)));
        Assert.True(answer["numbers"]!.GetValue<int>() >= least, $"Only {answer["numbers"]} numbers were compared.");
    }

    private static readonly JsonSerializerOptions _named = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static JsonObject Case(Objective objective, JsonObject parts, int at, RolloutBatch batch)
    {
        var credited = objective.Credit(batch);
        // Every third batch is a part of a larger rollout, whose counts it keeps. A mean over the part at hand looks at no others.
        var isPart =
            at % 3 == 2
            && credited.Batch.Layout.ActiveTokens == batch.Layout.ActiveTokens
            && objective is not PolicyObjective { Aggregation: MicroBatchTokenMean };
        if (isPart)
            credited = credited with { Totals = _larger with { EntropyThreshold = credited.Totals.EntropyThreshold } };
        var report = objective.Evaluate(credited);
        var layout = report.Batch.Layout;
        JsonNode? Column(TokenColumn? column) =>
            column is null
                ? null
                : new JsonArray([.. column.Values.ToArray().Select((v, t) => layout.IsActive(t) ? JsonValue.Create(v) : null)]);
        return new JsonObject
        {
            ["name"] = $"{objective.Name}, batch {at}",
            ["batch"] = at,
            ["objective"] = parts.DeepClone(),
            ["value"] = report.Summary.Objective,
            ["totals"] = isPart
                ? new JsonObject
                {
                    ["responses"] = _larger.Responses,
                    ["activeResponses"] = _larger.ActiveResponses,
                    ["activeTokens"] = _larger.ActiveTokens,
                    ["groups"] = _larger.Groups,
                    ["maxLength"] = _larger.MaxLength,
                    ["pairs"] = _larger.Pairs,
                }
                : null,
            ["columns"] = new JsonObject
            {
                ["weight"] = Column(report.Weight),
                ["advantage"] = Column(report.Advantage),
                ["ratio"] = Column(report.Ratio),
                ["term"] = Column(report.TokenObjective),
                ["aggregation"] = Column(report.AggregationWeight),
                ["kl"] = Column(report.Kl),
                ["side"] = report.Clipped is { } sides ? Numbers(sides.Select(s => (double)s)) : null,
            },
        };
    }

    private static JsonObject Batch(RolloutBatch batch)
    {
        var layout = batch.Layout;
        JsonNode? Column(TokenColumn? column) => column is null ? null : Numbers(column.Values.ToArray());
        JsonNode Parts(Func<Response, IReadOnlyList<double>> of) =>
            new JsonArray([
                .. Enumerable.Range(0, of(batch.Responses[0]).Count).Select(k => Numbers(batch.Responses.Select(r => of(r)[k]))),
            ]);
        return new JsonObject
        {
            ["rowStarts"] = Numbers(layout.RowStarts.ToArray().Select(i => (double)i)),
            ["groupStarts"] = Numbers(layout.GroupStarts.ToArray().Select(i => (double)i)),
            ["maxLength"] = batch.MaxTokens ?? layout.MaxLength,
            ["mask"] = Numbers(Enumerable.Range(0, layout.Tokens).Select(t => layout.IsActive(t) ? 1.0 : 0)),
            ["truncated"] = Numbers(batch.Responses.Select(r => r.Truncated ? 1.0 : 0)),
            ["rewards"] = Numbers(batch.Rewards()),
            ["rewardParts"] = Parts(r => r.RewardParts),
            ["rewardConfidences"] = Parts(r => r.RewardConfidences),
            ["greedyRewards"] = batch.GreedyRewards is { } greedy ? Numbers(greedy) : null,
            ["logProbs"] = Column(batch.LogProbs),
            ["oldLogProbs"] = Column(batch.OldLogProbs),
            ["referenceLogProbs"] = Column(batch.ReferenceLogProbs),
            ["samplerLogProbs"] = Column(batch.SamplerLogProbs),
            ["samplerWeights"] = Column(batch.SamplerWeights),
            ["entropies"] = Column(batch.Entropies),
            ["oldValues"] = Column(batch.OldValues),
            ["values"] = Column(batch.Values),
        };
    }

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(v => JsonValue.Create(v))]);
}
