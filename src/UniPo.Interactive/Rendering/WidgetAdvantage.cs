using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>Advantage estimators as plain data for the browser.</summary>
internal static class WidgetAdvantage
{
    /// <summary>The estimator in the words of <c>Widgets/src/core/spec.ts</c>; null when the browser does not know it.</summary>
    public static JsonObject? Of(Advantage advantage) => advantage switch
    {
        RewardOnly reward => new JsonObject { ["kind"] = "outcome", ["baseline"] = "none", ["constant"] = reward.Baseline },
        GroupMean mean => Outcome("group-mean", mean.Lone),
        GroupMeanStd std => Scaled(Outcome("group-mean", std.Lone), "group-std", std.Ddof, std.Epsilon),
        _ => null,
    };

    private static JsonObject Outcome(string baseline, LoneResponse lone) => new()
    {
        ["kind"] = "outcome",
        ["baseline"] = baseline,
        ["single"] = lone == LoneResponse.Reward ? "reward" : "zero",
    };

    private static JsonObject Scaled(JsonObject outcome, string scale, int ddof, double epsilon)
    {
        (outcome["scale"], outcome["ddof"], outcome["epsilon"]) = (scale, ddof, epsilon);
        return outcome;
    }
}
