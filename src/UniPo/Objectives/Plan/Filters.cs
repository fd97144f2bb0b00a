using UniPo.Numerics;

namespace UniPo;

/// <summary>Which responses and tokens get no say in the update.</summary>
/// <remarks>
/// The first two mask whole responses, which then leave the counts of tokens, too. The last two silence the policy term of tokens
/// only: their KL penalty stays, and so do all denominators.
/// </remarks>
public sealed record Filters
{
    /// <summary>
    /// True to mask every token of a truncated response: its reward says nothing about the end it never reached. It still counts
    /// in its group's baseline. DAPO's overlong filter; TRL <c>mask_truncated_completions</c>. Default false.
    /// </summary>
    public bool DropTruncated { get; init; }

    /// <summary>
    /// True to mask groups without any advantage, so that they also leave the denominators. SkyRL
    /// <c>zero_variance_filter</c>. Default false.
    /// </summary>
    public bool DropSilentGroups { get; init; }

    /// <summary>
    /// Share of tokens that learn, those of highest entropy, in [0, 1]; null for all. Wang et al. 2025, "Beyond the 80/20 rule";
    /// TRL
    /// <c>top_entropy_quantile</c>: a token learns when its entropy reaches the (1 − share) quantile of all active tokens.
    /// </summary>
    public double? TopEntropy
    {
        get;
        init => field = value is { } v ? Require.UnitInterval(v, "Filters.TopEntropy") : null;
    }

    /// <summary>
    /// A response with A &lt; 0 is silenced when the mean of log π_old − log π_θ over its tokens exceeds this many nats; null for
    /// no limit. DeepSeek-V3.2's off-policy mask; TRL <c>off_policy_mask_threshold</c>.
    /// </summary>
    public double? OffPolicyLimit
    {
        get;
        init => field = value is { } v ? Require.That(v, double.IsFinite(v), "Filters.OffPolicyLimit", "be finite") : null;
    }

    /// <summary>The batch with masked responses; the same batch when nothing is masked.</summary>
    /// <param name="batch">The responses.</param>
    /// <param name="silent">[P] true for each group without any advantage; empty when nobody asks.</param>
    internal RolloutBatch Apply(RolloutBatch batch, bool[] silent)
    {
        if (!DropTruncated && !DropSilentGroups)
            return batch;
        var layout = batch.Layout;
        bool[] kept =
        [
            .. Enumerable
                .Range(0, layout.Responses)
                .Select(row =>
                    !(DropTruncated && batch.Responses[row].Truncated) && !(DropSilentGroups && silent[layout.GroupOf[row]])
                ),
        ];
        if (!kept.Contains(false))
            return batch;
        var mask = new bool[layout.Tokens];
        for (var row = 0; row < layout.Responses; row++)
        for (var i = layout.RowStarts[row]; i < layout.RowStarts[row + 1]; i++)
            mask[i] = kept[row] && layout.IsActive(i);
        return batch with { Layout = layout.WithMask(mask) };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        List<string> rules = [];
        if (DropTruncated)
            rules.Add("truncated responses");
        if (DropSilentGroups)
            rules.Add("groups without any advantage");
        if (TopEntropy is { } share)
            rules.Add(FormattableString.Invariant($"tokens outside the {share:P0} of highest entropy"));
        if (OffPolicyLimit is { } limit)
            rules.Add(FormattableString.Invariant($"bad responses that fell by more than {limit} nats a token"));
        return rules.Count == 0 ? "none" : string.Join(" and ", rules) + " get no weight";
    }

    /// <summary>Entropy that a token of this batch must reach to learn, in nats; null when all learn.</summary>
    internal double? EntropyThreshold(RolloutBatch batch)
    {
        if (TopEntropy is not { } share || batch.Layout.ActiveTokens == 0)
            return null;
        var entropies = Entropies(batch);
        double[] sorted =
        [
            .. Enumerable.Range(0, batch.Layout.Tokens).Where(batch.Layout.IsActive).Select(i => entropies.Values[i]).Order(),
        ];
        var place = (1 - share) * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static TokenColumn Entropies(RolloutBatch batch) =>
        batch.Entropies
        ?? throw new ArgumentException(
            "Filters.TopEntropy needs Entropies, but the batch has none. Score the batch with them, or set TopEntropy = null."
        );

    /// <summary>The factor that silences tokens, in symbols; null when none is silenced.</summary>
    /// <param name="advantage">A.</param>
    internal Expression? Formula(Expression advantage)
    {
        Expression? gate = null;
        if (TopEntropy is not null)
            gate = EntropyGate;
        if (OffPolicyLimit is not { } limit)
            return gate;
        var fall =
            1
            / (Expression)Quantities.Length
            * Expression.Sum(Over.Tokens, (Expression)Quantities.OldLogProb - Quantities.LogProb);
        var far = Expression.Relation(
            fall,
            ">",
            Expression.Setting("δ_off", limit, "largest mean fall of a bad response, in nats per token")
        );
        var mask = Expression.Define(
            new("o", "it"),
            Expression.Cases(Expression.Relation(advantage, "<", 0), 1 - Expression.Indicator(far), 1),
            "1, but 0 for bad responses that have already fallen far"
        );
        return gate is null ? mask : gate * mask;
    }

    /// <summary>1 for tokens undecided enough to learn, 0 for the others.</summary>
    internal static Expression EntropyGate =>
        Expression.Indicator(Expression.Relation(Quantities.Entropy, "≥", Quantities.EntropyThreshold));
}
