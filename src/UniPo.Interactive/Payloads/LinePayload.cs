using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>The lines on the way to a weight: sentences as cases, and formulas with places for a token's numbers.</summary>
internal sealed class LinePayload(ExpressionJson json, bool withFormulas)
{
    private const string Share = "share",
        Weight = "weight"; // columns that the script knows when it has run the formula

    public JsonArray Write(Objective objective)
    {
        var lines = new JsonArray([.. ObjectiveLines.Of(objective).Select(l => (JsonNode)Line(l))]);
        if (Aggregation(objective) is { } aggregation)
            lines.Add(aggregation);
        lines.Add(WeightLine());
        return lines;
    }

    private JsonObject Line(ObjectiveLine line)
    {
        var cases = Cases(line.Says);
        if (line.Part == "trust region")
            Generic(cases, json.Write(line.Letter.Body));
        return Written(line.Part, line.Letter, cases, json.Write(line.Letter.Body));
    }

    private JsonObject Written(string part, DefinitionNode letter, JsonArray cases, JsonArray? tree) =>
        new()
        {
            ["part"] = part,
            ["letter"] = letter.Symbol.ToString(),
            ["tree"] = tree,
            ["cases"] = cases,
            ["math"] = withFormulas ? new PlacePayload(json).Write(letter) : null,
        };

    private JsonArray Cases(IEnumerable<UniPo.Sentence> sentences) =>
        new([
            .. sentences.Select(s =>
                (JsonNode)
                    new JsonArray(
                        s.When is { } when ? json.Write(when) : null,
                        s.Format.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal),
                        new JsonArray([.. s.Numbers.Select(n => (JsonNode)json.Write(n))])
                    )
            ),
        ]);

    /// <summary>What is said of a part that brings no sentence for this token: by the side whose bound bites.</summary>
    private static void Generic(JsonArray cases, JsonArray term)
    {
        cases.Add(new JsonArray((int)ClipSide.None, "The term is {0}.", new JsonArray(term)));
        foreach (var (side, name) in new[] { (ClipSide.High, "upper"), (ClipSide.Low, "lower") })
            cases.Add(
                new JsonArray(
                    (int)side,
                    $"Its {name} bound bites; what is left of the gradient through this term stands below.",
                    new JsonArray()
                )
            );
    }

    private JsonObject? Aggregation(Objective objective)
    {
        var aggregation = objective switch
        {
            PolicyObjective policy => policy.Aggregation,
            ImitationObjective imitation => imitation.Aggregation,
            _ => null,
        };
        if (aggregation is null)
            return null;
        var term = Expression.Define(new("f", "it"), 0, "");
        var factor = Tree.FactorOf(aggregation.Formula(term), term);
        var letter = new DefinitionNode(new("a", "i"), factor ?? 0, "share of each token of response i in the objective");
        var said = $"The token's term counts {{0}} in the sum. Aggregation: {aggregation.InWords}.";
        return Written("aggregation", letter, [new JsonArray(null, said, new JsonArray(Column(Share)))], Column(Share));
    }

    private JsonObject WeightLine()
    {
        JsonArray At(string? sign, string said) =>
            new(
                sign is null ? null : new JsonArray(sign, Column(Weight), new JsonArray("n", 0)),
                "w = {0}: " + said,
                new JsonArray(Column(Weight))
            );
        var letter = new DefinitionNode(
            new("w", "it"),
            new NamedNode("∂J/∂", [Quantities.LogProb]),
            "how hard the token's log-probability is pushed"
        );
        return Written(
            "weight",
            letter,
            [At(">", "made more likely"), At("<", "made less likely"), At(null, "left alone")],
            Column(Weight)
        );
    }

    private static JsonArray Column(string name) => new("q", name);
}
