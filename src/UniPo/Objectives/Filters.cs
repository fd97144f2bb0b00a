namespace UniPo;

/// <summary>Which responses and tokens get no say in the update.</summary>
public sealed record Filters
{
    /// <summary>
    /// True to mask every token of a truncated response: its reward says nothing about the end it never reached. It still counts in its
    /// group's baseline. DAPO's overlong filter; TRL <c>mask_truncated_completions</c>. Default false.
    /// </summary>
    public bool DropTruncated { get; init; }

    /// <summary>True to mask groups whose rewards are all equal, so that they also leave the denominators. SkyRL <c>zero_variance_filter</c>. Default false.</summary>
    public bool DropSilentGroups { get; init; }

    /// <summary>The batch with masked responses; the same batch when nothing is masked.</summary>
    public RolloutBatch Apply(RolloutBatch batch)
    {
        if (!DropTruncated && !DropSilentGroups) return batch;
        var layout = batch.Layout;
        var rewards = batch.Rewards();
        var mask = new bool[layout.Tokens];
        for (var row = 0; row < layout.Responses; row++)
        {
            if (DropTruncated && batch.Responses[row].Truncated) continue;
            var group = layout.GroupOf[row];
            if (DropSilentGroups && GroupStatistics.AllEqual(rewards.AsSpan(layout.GroupStarts[group], layout.GroupSize(group)))) continue;
            for (var i = layout.RowStarts[row]; i < layout.RowStarts[row + 1]; i++) mask[i] = layout.IsActive(i);
        }
        return batch with { Layout = layout.WithMask(mask) };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        List<string> rules = [];
        if (DropTruncated) rules.Add("truncated responses");
        if (DropSilentGroups) rules.Add("groups whose rewards are all equal");
        return rules.Count == 0 ? "none" : string.Join(" and ", rules) + " get no weight";
    }
}
