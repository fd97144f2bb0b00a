using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>Advantage estimators as plain data for the browser.</summary>
internal static class WidgetAdvantage
{
    /// <summary>The estimator in the words of <c>Widgets/src/core/spec.ts</c>; null when the browser does not know it.</summary>
    public static JsonObject? Of(Advantage advantage)
    {
        if (
            advantage
            is { RewardRange: not null }
                or ({ Weights: not null } and not RubricAdvantage)
                or OutcomeAdvantage { Gamma: < 1 }
                or OutcomeAdvantage { Range: not null }
                or OutcomeAdvantage { Normalize: not null }
        )
            return null;
        if (advantage.Whiten is { } whiten && !(whiten is { ShiftMean: true, DivideByStd: true }))
            return null;
        if (Plain(advantage) is not { } parts)
            return null;
        if (advantage.Whiten is { } over)
            parts["whiten"] = Whiten(over);
        return parts;
    }

    private static JsonObject Whiten(Whitening over)
    {
        var parts = new JsonObject { ["ddof"] = over.Ddof, ["epsilon"] = over.Epsilon };
        if (over.EpsilonIsFloor)
            parts["placement"] = "floor";
        if (over.CountEpsilon != 0)
            parts["countEpsilon"] = over.CountEpsilon;
        return parts;
    }

    private static JsonObject? Plain(Advantage advantage) =>
        advantage switch
        {
            RewardOnly reward => Constant(reward.Baseline),
            RunningMean running => Constant(running.Baseline ?? 0),
            BatchMean => Outcome("batch-mean"),
            GroupMean mean => Group("group-mean", mean),
            LeaveOneOut others => Group("leave-one-out", others),
            LengthWeightedMean lengths => Group("length-weighted", lengths),
            GroupMeanStd std => Scaled(Group("group-mean", std), "group-std", std.Ddof, std.Epsilon),
            GroupMeanBatchStd std => Scaled(Group("group-mean", std), "batch-std", std.Ddof, std.Epsilon),
            Gpg gpg => Corrected(Group("group-mean", gpg)),
            RubricAdvantage rubric => Judged(rubric),
            RewardToGo { StopAtMasked: false } toGo => new JsonObject { ["kind"] = "return", ["gamma"] = toGo.Gamma },
            GreedyBaseline { Range: null, PenaltyToGo: true, PaidAfterEnd: false } greedy => new JsonObject
            {
                ["kind"] = "return",
                ["baseline"] = "greedy",
                ["gamma"] = greedy.Gamma,
            },
            Gae { MaskedTokens: MaskedTokens.Skip, WhitenRewards: null } gae => new JsonObject
            {
                ["kind"] = "gae",
                ["gamma"] = gae.Gamma,
                ["lambda"] = gae.Lambda,
            },
            _ => null,
        };

    private static JsonObject Outcome(string baseline) => new() { ["kind"] = "outcome", ["baseline"] = baseline };

    private static JsonObject Constant(double baseline)
    {
        var parts = Outcome("none");
        parts["constant"] = baseline;
        return parts;
    }

    private static JsonObject Group(string baseline, GroupAdvantage advantage)
    {
        var parts = Outcome(baseline);
        parts["single"] = advantage.Lone == LoneResponse.Reward ? "reward" : "zero";
        return parts;
    }

    private static JsonObject Scaled(JsonObject parts, string scale, int ddof, double epsilon)
    {
        (parts["scale"], parts["ddof"], parts["epsilon"]) = (scale, ddof, epsilon);
        return parts;
    }

    // The rubric's rewards are sent beside the task's: how sure its judges are is no knob.
    private static JsonObject? Judged(RubricAdvantage rubric)
    {
        if (Of(rubric.Compare with { Whiten = null }) is not { } parts)
            return null;
        parts["rubric"] = true;
        return parts;
    }

    private static JsonObject Corrected(JsonObject parts)
    {
        parts["correctZeros"] = true;
        return parts;
    }
}
