using System.Globalization;
using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>An objective's parts as plain data, so that the browser can evaluate it again with other numbers.</summary>
/// <remarks>
/// The words are those of <c>Widgets/src/core/spec.ts</c>. A part that the browser does not know makes the whole objective
/// unknown, with the reason.
/// </remarks>
internal static class WidgetObjective
{
    /// <summary>The parts, or null and the reason.</summary>
    public static (JsonObject? Parts, string? Why) Of(Objective objective)
    {
        if (objective is ImitationObjective imitation)
            return WidgetImitation.Of(imitation);
        if (objective is PreferenceObjective preference)
            return WidgetPreference.Of(preference);
        if (objective is LoggedObjective)
            return (
                null,
                $"The log says what {objective.Name} computed, but not how: its numbers are shown as they were stored."
            );
        if (objective is not PolicyObjective policy)
            return (null, $"{objective.Name} is not built from the parts of a policy objective, so it cannot be changed here.");
        var (advantage, ratio, region) = (WidgetAdvantage.Of(policy.Advantage), Ratio(policy.Ratio), Region(policy.Clip));
        var aggregation = Aggregation(policy.Aggregation);
        if (policy.Correction is not null)
            return (null, Unknown(policy, policy.Correction));
        if (policy.Filters is { TopEntropy: not null } or { OffPolicyLimit: not null })
            return (null, Unknown(policy, policy.Filters));
        if (policy.Entropy is { KeptTokensOnly: true })
            return (null, Unknown(policy, policy.Entropy));
        if (advantage is null)
            return (null, Unknown(policy, policy.Advantage));
        if (ratio is null)
            return (null, Unknown(policy, policy.Ratio));
        if (region is null || policy is { Clip: ClipCov or KlCov, Ratio: not TokenRatio })
            return (null, Unknown(policy, policy.Clip));
        if (aggregation is null)
            return (null, Unknown(policy, policy.Aggregation));
        var parts = new JsonObject
        {
            ["name"] = policy.Name,
            ["advantage"] = Named(advantage, policy.Name),
            ["ratio"] = ratio,
            ["region"] = region,
            ["aggregation"] = aggregation,
        };
        switch (policy.Kl)
        {
            case KlInLoss loss:
                parts["kl"] = Penalty(loss);
                break;
            case KlInReward { AfterBaseline: false } reward:
                parts["rewardKl"] = new JsonObject { ["estimator"] = Estimator(reward.Estimator), ["beta"] = reward.Coefficient };
                break;
            case KlInReward:
                return (null, Unknown(policy, policy.Kl));
        }
        if (policy.Entropy is { Coefficient: > 0 } bonus)
            parts["entropy"] = new JsonObject
            {
                ["coefficient"] = bonus.Coefficient,
                ["aggregation"] = bonus.Aggregation is { } own ? Aggregation(own) : null,
            };
        if (policy.Value is { } critic)
            parts["value"] = Critic(critic);
        if (policy.Filters is { DropTruncated: true } or { DropSilentGroups: true })
            parts["masks"] = Masks(policy.Filters);
        if (Covariance(policy.Clip) is { } covariance)
            parts["covariance"] = covariance;
        return (parts, null);
    }

    private static JsonObject Masks(Filters filters)
    {
        var masks = new JsonObject();
        if (filters.DropTruncated)
            masks["truncated"] = true;
        if (filters.DropSilentGroups)
            masks["silent"] = true;
        return masks;
    }

    // A rubric's rewards stand beside the batch under the objective's name.
    private static JsonObject Named(JsonObject advantage, string name)
    {
        if (advantage.ContainsKey("rubric"))
            advantage["rubric"] = name;
        return advantage;
    }

    private static JsonObject? Covariance(TrustRegion region) =>
        region switch
        {
            ClipCov clip => new JsonObject
            {
                ["share"] = clip.Share,
                ["above"] = clip.LowerBound,
                ["below"] = clip.UpperBound,
                ["seed"] = clip.Seed.ToString(CultureInfo.InvariantCulture), // a number of JavaScript has only 53 bits
            },
            KlCov kl => new JsonObject { ["share"] = kl.Share, ["price"] = kl.Coefficient },
            _ => null,
        };

    private static JsonObject Critic(ValueLoss loss)
    {
        var critic = new JsonObject { ["coefficient"] = loss.Coefficient };
        if (loss.ClipRange is { } range)
            critic["clip"] = range;
        if (loss.Aggregation is { } own)
            critic["aggregation"] = Aggregation(own);
        return critic;
    }

    /// <summary>Why an objective with this part cannot be evaluated in the browser.</summary>
    public static string Unknown(Objective objective, object part) =>
        $"{objective.Name} has a part that the sliders do not know yet ({part.GetType().Name}); its numbers are shown as they were computed.";

    private static JsonObject? Ratio(Ratio ratio) =>
        ratio switch
        {
            NoRatio => Level("none", null),
            TokenRatio token => Level("token", Clamp(token.LogClamp), token.OnPolicy),
            SequenceMeanRatio mean => Level("sequence-mean", Clamp(mean.LogClamp)),
            SequenceProductRatio product => Level("sequence-product", Clamp(product.LogClamp)),
            SequenceTokenRatio own => Level("sequence-token", Clamp(own.LogCap)),
            _ => null,
        };

    private static JsonObject Level(string level, double? clamp, bool onPolicy = false)
    {
        var ratio = new JsonObject { ["level"] = level };
        if (clamp is { } limit)
            ratio["logClamp"] = limit;
        if (onPolicy)
            ratio["onPolicy"] = true;
        return ratio;
    }

    private static double? Clamp(double clamp) => clamp < UniPo.Ratio.Limit ? clamp : null;

    private static JsonObject? Region(TrustRegion region) =>
        region switch
        {
            NoTrustRegion => Kind("none"),
            Clip clip => Kind("clip", ("low", clip.Low), ("high", clip.High)),
            DualClip dual => Kind("clip", ("low", dual.Low), ("high", dual.High), ("dual", dual.Cap)),
            CappedClip capped => Kind("clip", ("low", capped.Low), ("high", capped.High), ("cap", capped.Cap)),
            CispoClip cispo => Kind("cispo", ("lower", cispo.Lowest), ("upper", cispo.Highest)),
            SapoGate sapo => Kind("sapo", ("tauPositive", sapo.TauPositive), ("tauNegative", sapo.TauNegative)),
            ClipCov { Order: null } cov => Kind("clip", ("low", cov.Low), ("high", cov.High)),
            KlCov => Kind("none"),
            GmpoClip { WholeResponse: false } gmpo => Kind("gmpo", ("low", gmpo.Low), ("high", gmpo.High)),
            _ => null,
        };

    /// <summary>An aggregation; null when the browser does not know it.</summary>
    public static JsonObject? Aggregation(Aggregation aggregation) =>
        aggregation switch
        {
            TokenMean or MicroBatchTokenMean => Kind("token-mean"),
            TokenSum => Kind("token-sum"),
            GroupTokenMean => Kind("prompt-token-mean"),
            SequenceMean mean => Counting(
                Kind("sequence-mean", ("lengthEpsilon", mean.Epsilon > 0 ? mean.Epsilon : null)),
                mean.Rows
            ),
            SequenceSum sum => Counting(Kind("sequence-sum"), sum.Rows),
            ConstantLength constant => Counting(Kind("constant", ("length", constant.Length)), constant.Rows),
            _ => null,
        };

    private static JsonObject Counting(JsonObject aggregation, CountedRows rows)
    {
        if (rows != CountedRows.All)
            aggregation["rows"] = "active";
        return aggregation;
    }

    private static JsonObject Penalty(KlInLoss kl)
    {
        var penalty = new JsonObject { ["estimator"] = Estimator(kl.Estimator), ["beta"] = kl.Coefficient };
        if (kl.Estimator.GradientOfK2)
            penalty["gradient"] = "k2";
        if (Clamp(kl.Estimator.LogRatioClamp) is { } input)
            penalty["inputClamp"] = input;
        if (kl.Estimator.ValueClamp is { } output)
            penalty["outputClamp"] = output;
        if (kl.TimesRatio)
            penalty["timesRatio"] = true;
        if (kl.Aggregation is { } own)
            penalty["aggregation"] = Aggregation(own);
        return penalty;
    }

    private static string Estimator(KlEstimator estimator) =>
        estimator switch
        {
            K1Estimator => "k1",
            K2Estimator => "k2",
            K3Estimator => "k3",
            _ => "abs",
        };

    private static JsonObject Kind(string kind, params ReadOnlySpan<(string Name, double? Value)> numbers)
    {
        var part = new JsonObject { ["kind"] = kind };
        foreach (var (name, value) in numbers)
            if (value is { } number)
                part[name] = number;
        return part;
    }
}
