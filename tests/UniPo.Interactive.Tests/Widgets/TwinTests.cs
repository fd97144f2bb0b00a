using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The same objective in C# and in the browser's script, on random batches: every column agrees to 1e-9.</summary>
public sealed class TwinTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public async Task Browser_computes_the_same_columns_as_CSharp_on_random_batches()
    {
        var cases = new JsonArray();
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, objective) in Objectives())
        {
            var (parts, why) = WidgetObjective.Of(objective);
            if (parts is null)
            {
                unknown.Add($"{name}: {why}");
                continue;
            }
            for (ulong seed = 1; seed <= 12; seed++)
                cases.Add(Case($"{name} {seed}", RandomBatch.Create(seed), objective, parts.DeepClone()));
            // A mean over the part at hand looks at no other counts.
            var part = new WidgetChoices(RandomBatch.Create(13), isPart: true, []);
            if (objective is not PolicyObjective { Aggregation: MicroBatchTokenMean } && part.Obstacle(objective) is null)
                cases.Add(
                    Case(
                        $"{name} as a part of a larger rollout",
                        RandomBatch.Create(13),
                        objective,
                        parts.DeepClone(),
                        isPart: true
                    )
                );
        }
        var answer = JsonNode.Parse(await NodeScripts.NodeAsync(["build.mjs", "--test", "twin"], cases.ToJsonString(_named)))!;

        output.WriteLine(
            $"{answer["cases"]} cases, {answer["numbers"]} numbers; not known to the browser: {string.Join("; ", unknown)}"
        );
        Assert.True(answer["failures"]!.AsArray().Count == 0, string.Join('\n', answer["failures"]!.AsArray().Take(12)));
        // Nothing that the library names is left out.
        Assert.DoesNotContain(unknown, u => Algorithms.All.Any(a => u.Contains($" {a.Name} has", StringComparison.Ordinal)));
        Assert.True(answer["numbers"]!.GetValue<int>() > 100_000, $"Only {answer["numbers"]} numbers were compared.");
    }

    private static readonly JsonSerializerOptions _named = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Every preset of the library, and one objective for each part that no preset uses.</summary>
    private static IEnumerable<(string Name, Objective Objective)> Objectives()
    {
        foreach (var property in typeof(Algorithms).GetProperties(BindingFlags.Public | BindingFlags.Static))
            if (property.GetValue(null) is Objective preset)
                yield return (property.Name, preset);
        var grpo = Algorithms.Grpo;
        foreach (
            var aggregation in new Aggregation[]
            {
                Aggregation.TokenMean,
                Aggregation.TokenSum,
                new GroupTokenMean(),
                Aggregation.Constant(12),
                new ConstantLength { Rows = CountedRows.NonEmpty },
                new SequenceSum { Rows = CountedRows.NonEmpty },
                new SequenceMean { Rows = CountedRows.NonEmpty, Epsilon = 1e-8 },
            }
        )
            yield return (aggregation.ToString(), grpo with { Aggregation = aggregation });
        foreach (
            var ratio in new[]
            {
                Ratio.SequenceMean,
                Ratio.SequenceProduct,
                Ratio.SequenceToken,
                new TokenRatio { LogClamp = 0.3 },
                new TokenRatio { OnPolicy = true },
                (Ratio)
                    new SequenceTokenRatio { LogCap = 0.1 },
            }
        )
            yield return (ratio.ToString(), grpo with { Ratio = ratio });
        foreach (
            var kl in new Kl[]
            {
                Kl.None,
                Kl.InLoss(0.1, KlEstimator.K1),
                Kl.InLoss(0.1, KlEstimator.K2),
                Kl.InLoss(0.1, KlEstimator.Absolute),
                Kl.InReward(0.05),
                Kl.InLoss(0.1, new K3Estimator { LogRatioClamp = 0.2, ValueClamp = 0.01 }),
                Kl.InLoss(0.1, new K1Estimator { GradientOfK2 = true }),
                new KlInLoss { Coefficient = 0.1, TimesRatio = true },
                new KlInLoss { Coefficient = 0.1, Aggregation = Aggregation.TokenMean },
            }
        )
            yield return (kl.ToString(), grpo with { Kl = kl });
        foreach (
            var advantage in new Advantage[]
            {
                new BatchMean(),
                new LeaveOneOut(),
                new LengthWeightedMean { Lone = LoneResponse.Reward },
                new GroupMeanBatchStd(),
                new Gpg(),
                new RunningMean { Baseline = 0.3 },
                new RewardToGo { Gamma = 0.9 },
                new RewardToGo { Whiten = new Whitening() },
                new GreedyBaseline { Gamma = 0.95 },
                new Gae { Gamma = 0.99, Lambda = 0.9 },
                new Gae { Whiten = new Whitening { CountEpsilon = 1e-8 } },
                new GroupMean
                {
                    Whiten = new Whitening { Ddof = 0, EpsilonIsFloor = true },
                },
            }
        )
        {
            yield return (advantage.ToString(), grpo with { Advantage = advantage });
            yield return (advantage + ", KL in reward", grpo with { Advantage = advantage, Kl = Kl.InReward(0.05) });
        }
        foreach (
            var region in new TrustRegion[]
            {
                new DualClip(0.2, 0.28, 1.5),
                new CappedClip(0.2, 0.2, 1.1),
                new CappedClip(0.1, 0.3, 3),
                new CispoClip { Lowest = 0.5, Highest = 1.2 },
                new SapoGate(),
            }
        )
        {
            yield return (region.ToString()!, grpo with { Clip = region });
            yield return (region + " per response", grpo with { Clip = region, Ratio = Ratio.SequenceMean });
        }
        yield return ("GMPO", grpo with { Clip = new GmpoClip(0.1, 0.2), Ratio = Ratio.SequenceMean });
        foreach (
            var filters in new Filters[]
            {
                new() { DropTruncated = true },
                new() { DropSilentGroups = true },
                new() { DropTruncated = true, DropSilentGroups = true },
            }
        )
        {
            yield return (filters.ToString(), grpo with { Filters = filters });
            yield return (filters + ", whitened", Algorithms.ReinforcePlusPlus with { Filters = filters });
        }
        foreach (
            var selection in new ResponseSelection[]
            {
                ResponseSelection.BestOfN,
                new BestOfEach { SkipTies = false },
                ResponseSelection.AtLeast(0.5),
            }
        )
            yield return (selection.ToString(), Algorithms.RejectionSampling with { Selection = selection });
        yield return ("SFT by response", Algorithms.Sft with { Aggregation = Aggregation.SequenceMean });
        foreach (
            var loss in new PreferenceLoss[]
            {
                new DpoLoss { LabelSmoothing = 0.1 },
                new DpoLoss { Beta = 2, PerToken = true },
                new IpoLoss { PerToken = true },
            }
        )
            yield return (loss.ToString(), Algorithms.Dpo with { Loss = loss, Pairs = PairSelection.EveryPair });
        foreach (ulong seed in new ulong[] { 0, 3, ulong.MaxValue })
            yield return (
                $"Clip-Cov {seed}",
                Algorithms.ClipCov with
                {
                    Clip = new ClipCov
                    {
                        Share = 0.2,
                        LowerBound = -0.3,
                        UpperBound = 2,
                        Seed = seed,
                    },
                }
            );
        yield return (
            "KL-Cov",
            Algorithms.KlCov with
            {
                Clip = new KlCov { Share = 0.3, Coefficient = 0.7 },
                Kl = Kl.InLoss(0.1),
            }
        );
        yield return (
            "rubric",
            Algorithms.Grape with
            {
                Advantage = new RubricAdvantage { Confidence = ConfidencePool.Batch, Compare = new LeaveOneOut() },
                Kl = Kl.InReward(0.05),
            }
        );
        yield return ("no region", grpo with { Clip = Clip.None });
        yield return ("entropy", grpo with { Entropy = new EntropyBonus { Coefficient = 0.01 } });
        yield return (
            "lone reward",
            grpo with
            {
                Advantage = new GroupMeanStd
                {
                    Lone = LoneResponse.Reward,
                    Ddof = 0,
                    Epsilon = 1e-4,
                },
            }
        );
        yield return ("mean", grpo with { Advantage = new GroupMean() });
    }

    private static JsonObject Case(string name, RolloutBatch batch, Objective objective, JsonNode parts, bool isPart = false)
    {
        var credited = objective.Credit(batch);
        if (isPart)
            credited = credited with
            {
                Totals = credited.Totals with
                {
                    Responses = 61,
                    ActiveResponses = 59,
                    ActiveTokens = 443,
                    Groups = 17,
                    MaxLength = 29,
                },
            };
        var report = objective.Evaluate(credited);
        var layout = report.Batch.Layout;
        JsonNode? Column(TokenColumn? column) => column is null ? null : Json(column.Values.ToArray());
        return new JsonObject
        {
            ["name"] = name,
            ["objective"] = parts,
            ["value"] = report.Summary.Objective,
            ["batch"] = new JsonObject
            {
                ["rowStarts"] = Json(layout.RowStarts.ToArray().Select(i => (double)i)),
                ["groupStarts"] = Json(layout.GroupStarts.ToArray().Select(i => (double)i)),
                ["totals"] = isPart
                    ? new JsonObject
                    {
                        ["responses"] = 61,
                        ["activeResponses"] = 59,
                        ["activeTokens"] = 443,
                        ["groups"] = 17,
                        ["maxLength"] = 29,
                    }
                    : null,
                // As it was before the objective left anything out.
                ["mask"] = Json(Enumerable.Range(0, layout.Tokens).Select(t => batch.Layout.IsActive(t) ? 1.0 : 0)),
                ["truncated"] = Json(batch.Responses.Select(r => r.Truncated ? 1.0 : 0)),
                ["rubrics"] = Rubrics(batch, objective),
                ["rewards"] = Json(batch.Rewards()),
                ["greedyRewards"] = Json(batch.GreedyRewards!),
                ["logProbs"] = Column(batch.LogProbs),
                ["oldLogProbs"] = Column(batch.OldLogProbs),
                ["referenceLogProbs"] = Column(batch.ReferenceLogProbs),
                ["entropies"] = Column(batch.Entropies),
                ["oldValues"] = Column(batch.OldValues),
                ["values"] = Column(batch.Values),
            },
            ["columns"] = new JsonObject
            {
                ["weight"] = Column(report.Weight),
                ["advantage"] = Column(report.Advantage),
                ["term"] = Column(report.TokenObjective),
                ["aggregation"] = Column(report.AggregationWeight),
                ["kl"] = Column(report.Kl),
                ["side"] = report.Clipped is { } sides ? Json(sides.Select(s => (double)s)) : null,
            },
        };
    }

    private static JsonNode? Rubrics(RolloutBatch batch, Objective objective)
    {
        var payload = new JsonObject();
        WidgetPayload.AddRubrics(payload, batch, [objective]);
        var rubrics = payload["rubrics"];
        payload.Remove("rubrics");
        return rubrics;
    }

    private static JsonArray Json(IEnumerable<double> values) => new([.. values.Select(v => JsonValue.Create(v))]);
}
