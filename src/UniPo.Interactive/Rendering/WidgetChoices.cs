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
    public string? Missing(Objective objective) =>
        objective switch
        {
            PolicyObjective { Advantage.Whiten: not null } when !_isWhole =>
                "Whitening takes the mean and the spread over all tokens, and not all of them are shown here.",
            PolicyObjective { Clip: ClipCov or KlCov } when !_isWhole =>
                "Tokens are chosen among all of the batch by their covariance, and not all of them are shown here.",
            PolicyObjective { Advantage: Gae or RewardToGo or GreedyBaseline } when !_rowsAreWhole =>
                "An advantage per token is added up from the end of a response, and some responses are cut here.",
            PolicyObjective { Clip: GmpoClip } when !_rowsAreWhole =>
                "Each token is clipped before the mean over its response, and some responses are cut here.",
            PolicyObjective { Kl: KlInReward { Estimator: not K1Estimator } } when !_isWhole =>
                "The KL penalty is a part of every reward, and not all tokens are shown here.",
            _ => null,
        };

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
            var (parts, why) = WidgetObjective.Of(objective);
            why ??= Fault(objective) ?? alike.Prepend(this).Select(c => c.Obstacle(objective)).FirstOrDefault(o => o is not null);
            if (why is { } obstacle)
                without.Add((objective.Name, obstacle));
            else
                possible.Add(parts);
        }
        return (
            possible,
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
}
