using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// Learning from pairs as plain data. The parts of a policy objective are there in name only: an evaluation that has a
/// preference does not look at them.
/// </summary>
internal static class WidgetPreference
{
    /// <summary>The parts, or null and the reason.</summary>
    public static (JsonObject? Parts, string? Why) Of(PreferenceObjective objective)
    {
        var loss = objective switch
        {
            { WithoutReference: true } => null,
            { Loss: DpoLoss { Divergence: RewardDivergence.ReverseKl } dpo } => Loss("dpo", dpo.LabelSmoothing),
            { Loss: IpoLoss } => Loss("ipo", 0),
            _ => null,
        };
        if (loss is null || objective.Pairs is not (BestAgainstWorst or EveryPair))
            return (null, WidgetObjective.Unknown(objective, loss is null ? objective.Loss : objective.Pairs));
        loss["beta"] = objective.Loss.Beta;
        if (objective.Loss.PerToken)
            loss["perToken"] = true;
        if (objective.Pairs is EveryPair)
            loss["every"] = true;
        return (
            new JsonObject
            {
                ["name"] = objective.Name,
                ["advantage"] = new JsonObject { ["kind"] = "one" },
                ["ratio"] = new JsonObject { ["level"] = "none" },
                ["region"] = new JsonObject { ["kind"] = "none" },
                ["aggregation"] = new JsonObject { ["kind"] = "token-sum" },
                ["preference"] = loss,
            },
            null
        );
    }

    private static JsonObject Loss(string name, double smoothing) =>
        smoothing == 0 ? new() { ["loss"] = name } : new() { ["loss"] = name, ["smoothing"] = smoothing };
}
