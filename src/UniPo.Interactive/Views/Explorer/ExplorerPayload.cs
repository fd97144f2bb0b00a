using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>The data of an explorer for the script: metrics of every step, tokens of the kept ones.</summary>
internal sealed class ExplorerPayload(ExplorerContent content)
{
    private readonly IReadOnlyList<TrainingStep> _steps = content.Run.Steps;

    /// <summary>
    /// <c>numbers</c>, <c>rollouts</c>, <c>first</c>: one element a step. <c>metrics</c>: the glossary's entry of each column, in
    /// the order of
    /// <c>curves</c>, which is packed like tokens. <c>tokens</c>: index of a step → its token payload. <c>step</c>: index of the
    /// open step.
    /// </summary>
    public JsonObject Write()
    {
        var keys = _steps.SelectMany(s => s.Metrics.Keys).Distinct().ToArray();
        var columns = new PackedColumns(_steps.Count);
        foreach (var key in keys)
            columns.Add(key, LearningCurvesContent.Measured(content.Run, key));
        var curves = new JsonObject();
        columns.WriteTo(curves);
        var tokens = new JsonObject();
        foreach (var index in content.WithTokens)
            if (content.TokensOf(_steps[index]).TokenPayload(Algorithms.All, listed: false) is { } payload)
                tokens[Numbers.Count(index)] = payload;
        var (others, without) = tokens.Count > 0 ? Choices() : default;
        return new JsonObject
        {
            ["step"] = content.Index,
            ["token"] = content.Token is { } token ? new JsonArray(token.Row, token.Position) : null,
            ["numbers"] = new JsonArray([.. _steps.Select(s => (JsonNode)s.Step)]),
            ["rollouts"] = new JsonArray([.. _steps.Select(s => (JsonNode)s.Rollout)]),
            ["first"] = new JsonArray([.. _steps.Select(s => (JsonNode)(s.FirstAfterRollout ? 1 : 0))]),
            ["metrics"] = new JsonArray([
                .. keys.Select(MetricGlossary.Find)
                    .Select(m =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["key"] = m.Key,
                                ["label"] = VisibleText.Of(m.Label),
                                ["unit"] = VisibleText.Of(m.Unit),
                                ["meaning"] = VisibleText.Of(m.Meaning),
                            }
                    ),
            ]),
            ["curves"] = curves,
            ["tokens"] = tokens,
            ["window"] = content.Curves.Window,
            ["objective"] = Shared(tokens, "objective"),
            ["others"] = others,
            ["without"] = without,
        };
    }

    // What can be tried is said once for all steps: a run's rollouts hold the same columns.
    private (JsonArray, JsonArray) Choices()
    {
        var choices = content
            .WithTokens.Select(i => content.TokensOf(_steps[i]))
            .Select(t => WidgetPayload.ChoicesOf(Unmasked.Of(t.Report!), t.Report, new TokenTableContent(t).ShownRows))
            .ToArray();
        return choices[0].Of(Algorithms.All, choices.Skip(1));
    }

    // What every step says in the same words is said once.
    private static JsonNode? Shared(JsonObject tokens, string name)
    {
        var all = tokens.Select(t => t.Value![name]).ToArray();
        if (all.Length == 0 || all[0] is not { } first || !all.All(o => JsonNode.DeepEquals(o, first)))
            return null;
        foreach (var (_, payload) in tokens)
            payload!.AsObject().Remove(name);
        return first.DeepClone();
    }
}
