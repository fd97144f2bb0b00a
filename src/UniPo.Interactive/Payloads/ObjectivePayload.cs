using System.Globalization;
using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>An objective as its formula, for the script: trees, sentences, and the few choices that no formula makes.</summary>
internal sealed class ObjectivePayload
{
    private readonly ExpressionJson _json = new();
    private readonly JsonObject _parts;

    private ObjectivePayload(Objective objective) => _parts = new JsonObject { ["name"] = VisibleText.Of(objective.Name, 80) };

    /// <summary>The objective as the script's <c>ObjectiveSpec</c>, or a sentence why it cannot be changed there.</summary>
    /// <param name="objective">Any objective.</param>
    /// <param name="withFormulas">True to add every line as MathML with places for a token's numbers.</param>
    public static (JsonObject? Parts, string? Why) Of(Objective objective, bool withFormulas = false)
    {
        if (Obstacle(objective) is { } why)
            return (null, why);
        try
        {
            return (new ObjectivePayload(objective).Write(objective, withFormulas), null);
        }
        catch (Exception fault) when (fault is FormulaException or ArgumentException or KeyNotFoundException)
        {
            return (null, $"{objective.Name} has no formula that runs: {fault.Message}");
        }
    }

    private static string? Obstacle(Objective objective) =>
        objective switch
        {
            LoggedObjective =>
                $"The log says what {objective.Name} computed, but not how: its numbers are shown as they were stored.",
            PolicyObjective { Clip: ClipCov { Order: not null } } =>
                $"{objective.Name} takes out tokens in an order that was given to it; its numbers are shown as they were computed.",
            ImitationObjective { Selection: not (EveryResponse or RewardThreshold or BestOfEach) } imitation =>
                $"{objective.Name} chooses responses by a rule of its own ({imitation.Selection.GetType().Name}), which only C# can follow; its numbers are shown as they were computed.",
            _ => null,
        };

    private JsonObject Write(Objective objective, bool withFormulas)
    {
        switch (objective)
        {
            case PolicyObjective policy:
                Policy(policy);
                break;
            case PreferenceObjective preference:
                _parts["pairs"] = preference.Pairs is EveryPair ? "every" : "best";
                break;
            case ImitationObjective imitation:
                _parts["term"] = _json.Write(Quantities.LogProb);
                Imitation(imitation.Selection);
                break;
            default:
                if (objective.Formula.Token is { } token)
                    _parts["term"] = _json.Write(token);
                break;
        }
        var formula = objective.Formula.Objective.Body;
        FormulaProgram.Compile(
            new FormulaShape
            {
                Moving = new HashSet<Quantity> { Quantities.LogProb },
                Given = Choices,
            },
            formula,
            []
        );
        _parts["j"] = _json.Write(formula);
        _parts["lines"] = new LinePayload(_json, withFormulas).Write(objective);
        _parts["letters"] = _json.Letters;
        return _parts;
    }

    // What is chosen by looking at all tokens has a column of its own.
    private static Dictionary<Quantity, Level> Choices { get; } =
        new()
        {
            [Quantities.Kept] = Level.Token,
            [Quantities.Charged] = Level.Token,
            [Quantities.EntropyThreshold] = Level.Batch,
        };

    private void Policy(PolicyObjective policy)
    {
        _parts["advantage"] = _json.Write(policy.AdvantageFormula());
        _parts["term"] = _json.Write(policy.TokenFormula());
        if (policy.Clip is not NoTrustRegion)
            _parts["region"] = _json.Write(policy.UngatedFormula());
        if (policy.RatioFormula() is { } ratio)
            _parts["ratio"] = _json.Write(ratio);
        if (policy.Kl is KlInLoss kl)
            _parts["kl"] = _json.Write(kl.TokenFormula(policy.RatioFormula()));
        else if (policy.RewardSymbols.Estimate is { } paid)
            _parts["paid"] = _json.Write(paid);
        if (policy.Value is not null && policy.TargetFormula is var target)
            _parts["target"] = (string)_json.Write(target)[1]!;
        if (policy.Advantage.Weights is { } weights)
            _parts["rewardWeights"] = new JsonArray([.. weights.Weights.Select(w => JsonValue.Create(w))]);
        if (policy.Advantage.RewardRange is { } range)
            _parts["rewardRange"] = new JsonArray(range.Low, range.High);
        if (policy.Filters.TopEntropy is { } share)
            _parts["topEntropy"] = share;
        if (policy.Filters is { DropTruncated: true } or { DropSilentGroups: true })
            _parts["masks"] = new JsonObject
            {
                ["truncated"] = policy.Filters.DropTruncated,
                ["silent"] = policy.Filters.DropSilentGroups,
                ["judge"] =
                    policy.Filters.DropSilentGroups && policy.Advantage is not Gae
                        ? _json.Write(((DefinitionNode)policy.Advantage.BeforeWhitening.Formula(RewardSymbols.Plain)).Body)
                        : null,
            };
        _parts["choice"] = Choice(policy.Clip);
    }

    private static JsonObject? Choice(TrustRegion region) =>
        region switch
        {
            ClipCov clip => new JsonObject
            {
                ["letter"] = nameof(Quantities.Kept),
                ["share"] = clip.Share,
                ["above"] = clip.LowerBound,
                ["below"] = clip.UpperBound,
                ["low"] = clip.Low,
                ["high"] = clip.High,
                ["seed"] = clip.Seed.ToString(CultureInfo.InvariantCulture), // a number of JavaScript has only 53 bits
            },
            KlCov kl => new JsonObject { ["letter"] = nameof(Quantities.Charged), ["share"] = kl.Share },
            _ => null,
        };

    private void Imitation(ResponseSelection selection) =>
        _parts["masks"] = selection switch
        {
            RewardThreshold threshold => new JsonObject { ["least"] = threshold.Least },
            BestOfEach best => new JsonObject { ["best"] = best.SkipTies ? "unless-tied" : "first" },
            _ => null,
        };
}
