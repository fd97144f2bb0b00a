using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// Imitation as plain data: A = 1 without ratio and trust region, and the responses that are not chosen are left out.
/// </summary>
internal static class WidgetImitation
{
    /// <summary>The parts, or null and the reason.</summary>
    public static (JsonObject? Parts, string? Why) Of(ImitationObjective objective)
    {
        if (WidgetObjective.Aggregation(objective.Aggregation) is not { } aggregation)
            return (null, WidgetObjective.Unknown(objective, objective.Aggregation));
        var parts = new JsonObject
        {
            ["name"] = objective.Name,
            ["advantage"] = new JsonObject { ["kind"] = "one" },
            ["ratio"] = new JsonObject { ["level"] = "none" },
            ["region"] = new JsonObject { ["kind"] = "none" },
            ["aggregation"] = aggregation,
        };
        switch (objective.Selection)
        {
            case EveryResponse:
                return (parts, null);
            case RewardThreshold threshold:
                parts["masks"] = new JsonObject { ["least"] = threshold.Least };
                return (parts, null);
            case BestOfEach best:
                parts["masks"] = new JsonObject { ["best"] = best.SkipTies ? "unless-tied" : "first" };
                return (parts, null);
            default:
                return (null, WidgetObjective.Unknown(objective, objective.Selection));
        }
    }
}
