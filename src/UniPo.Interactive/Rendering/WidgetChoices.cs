using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// Which objectives the browser can try on the rollouts it is sent, and a sentence for each reason why it cannot try the others.
/// </summary>
internal sealed class WidgetChoices
{
    private readonly RolloutBatch _batch;
    private readonly bool _isPart,
        _rowsAreWhole,
        _isWhole;

    /// <summary>The choices for a batch.</summary>
    /// <param name="batch">The rollouts, nothing left out.</param>
    /// <param name="isPart">True when they are a part of a larger rollout, whose counts are given and whose tokens are not.</param>
    /// <param name="rows">What of them is sent.</param>
    public WidgetChoices(RolloutBatch batch, bool isPart, IReadOnlyList<ShownRow> rows)
    {
        (_batch, _isPart) = (batch, isPart);
        _rowsAreWhole = rows.All(r => r.Shown == batch.Layout.Length(r.Row));
        _isWhole = _rowsAreWhole && rows.Count == batch.Layout.Responses;
    }

    /// <summary>Why an objective cannot be evaluated on what is sent; null when it can.</summary>
    public string? Obstacle(Objective objective) =>
        _isPart
        && objective
            is ImitationObjective { Selection: not EveryResponse }
                or PolicyObjective { Filters: { DropTruncated: true } or { DropSilentGroups: true } }
            ? "It leaves responses out, which changes the counts of a larger rollout of which only a part is here."
            : Missing(objective);

    /// <summary>Which tokens an objective would have to see that are not sent; null when it needs no others.</summary>
    public string? Missing(Objective objective)
    {
        if (_isWhole || ObjectivePayload.Of(objective).Parts is not { } parts)
            return null;
        var needs = new HiddenSums(parts).Find();
        return needs.NeedsBatch
            ? objective is PolicyObjective { Clip: ClipCov or KlCov }
                ? "Tokens are chosen among all of the batch by their covariance, and not all of them are shown here."
                : "Whitening takes the mean and the spread over all tokens, and not all of them are shown here."
            : needs.NeedsResponses && !_rowsAreWhole
                ? "Some numbers are added up inside a response, and some responses are cut here."
                : null;
    }

    /// <summary>
    /// The objectives that can be tried, and sentences about the others; objectives with the same obstacle share one.
    /// </summary>
    /// <param name="objectives">All that were asked for.</param>
    /// <param name="alike">Further rollouts on which the same objectives are to be tried.</param>
    public (JsonArray Possible, JsonArray Without) Of(IEnumerable<Objective> objectives, params IEnumerable<WidgetChoices> alike)
    {
        var (possible, without) = (new JsonArray(), new List<(string Name, string Why)>());
        foreach (var objective in objectives)
        {
            var (parts, why) = ObjectivePayload.Of(objective);
            why ??= Fault(objective) ?? alike.Prepend(this).Select(c => c.Obstacle(objective)).FirstOrDefault(o => o is not null);
            if (why is { } obstacle)
                without.Add((objective.Name, obstacle));
            else
                possible.Add(parts);
        }
        return (
            possible.Count == 0 ? [] : PackedColumns.Text(possible),
            new JsonArray([
                .. without
                    .GroupBy(w => w.Why, w => w.Name)
                    .Select(g => (JsonNode)$"{VisibleText.Of(string.Join(", ", g), 400)}: {VisibleText.Of(g.Key, 400)}"),
            ])
        );
    }

    // The library itself says what a batch lacks, and what would help.
    private string? Fault(Objective objective)
    {
        try
        {
            objective.Evaluate(_batch);
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or ArithmeticException)
        {
            return fault.Message;
        }
    }

    /// <summary>The objective with one part exchanged, for what these tokens allow: each as its formula.</summary>
    public JsonArray Variants(PolicyObjective objective)
    {
        var variants = new JsonArray();
        foreach (var (change, variant) in OtherParts(objective))
            if (
                variant != objective
                && Fault(variant) is null
                && Obstacle(variant) is null
                && ObjectivePayload.Of(variant).Parts is { } parts
            )
            {
                parts["name"] = change;
                variants.Add(parts);
            }
        return variants;
    }

    private static IEnumerable<(string Change, PolicyObjective Variant)> OtherParts(PolicyObjective objective)
    {
        foreach (
            var advantage in new Advantage[]
            {
                new GroupMean(),
                new GroupMeanStd(),
                new LeaveOneOut(),
                new BatchMean(),
                new RewardOnly(),
            }
        )
            yield return ($"advantage: {advantage.InWords}", objective with { Advantage = advantage });
        foreach (var ratio in new Ratio[] { Ratio.Token, Ratio.SequenceMean, Ratio.SequenceProduct, Ratio.SequenceToken })
            if (objective.Ratio is not NoRatio && objective.Clip is not GmpoClip)
                yield return ($"ratio: {ratio.InWords}", objective with { Ratio = ratio });
        foreach (
            var region in new TrustRegion[]
            {
                Clip.None,
                Clip.Symmetric(0.2),
                new Clip(0.2, 0.28),
                new CispoClip(),
                new SapoGate(),
            }
        )
            if (objective.Ratio is not NoRatio)
                yield return ($"trust region: {region.InWords}", objective with { Clip = region });
        foreach (
            var aggregation in new Aggregation[]
            {
                Aggregation.SequenceMean,
                Aggregation.TokenMean,
                new ConstantLength(),
                Aggregation.SequenceSum,
                new GroupTokenMean(),
                Aggregation.TokenSum,
            }
        )
            yield return ($"aggregation: {aggregation.InWords}", objective with { Aggregation = aggregation });
        foreach (var kl in new Kl[] { Kl.None, Kl.InLoss(0.1), Kl.InReward(0.05) })
            yield return ($"KL: {kl.InWords}", objective with { Kl = kl });
        yield return (
            "filters: cut responses left out",
            objective with
            {
                Filters = objective.Filters with { DropTruncated = !objective.Filters.DropTruncated },
            }
        );
    }
}
