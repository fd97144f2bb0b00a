namespace UniPo.Interactive;

/// <summary>What an objective has left out of its batch, put back: another objective on the same rollouts wants to see it.</summary>
internal static class Unmasked
{
    /// <summary>The report's batch as it was before the objective's own filter.</summary>
    /// <remarks>
    /// Nothing is put back where it is not known what was there: in a part of a larger rollout, and where tokens of other responses
    /// are masked, too, so that the ones left out may have had a mask of their own.
    /// </remarks>
    public static RolloutBatch Of(TokenReport report)
    {
        var (batch, layout) = (report.Batch, report.Batch.Layout);
        if (layout.Mask.IsEmpty || IsPart(report) || LeftOut(report.Objective, batch) is not { } leftOut)
            return batch;
        for (var row = 0; row < layout.Responses; row++)
            if (!leftOut[row] && layout.ActiveInRow[row] < layout.Length(row))
                return batch;
        return batch with
        {
            Layout = new TokenLayout(
                [.. Enumerable.Range(0, layout.Responses).Select(layout.Length)],
                [.. Enumerable.Range(0, layout.Groups).Select(layout.GroupSize)]
            ),
        };
    }

    /// <summary>True when the report's sums were divided by the counts of a larger rollout.</summary>
    public static bool IsPart(TokenReport report) =>
        report is { Totals: { } totals, Objective: not PolicyObjective { Aggregation: MicroBatchTokenMean } }
        && totals != BatchTotals.Of(report.Batch);

    private static bool[]? LeftOut(Objective objective, RolloutBatch batch)
    {
        if (objective is ImitationObjective imitation)
            return [.. imitation.Selection.Of(batch).Select(chosen => !chosen)];
        if (objective is not PolicyObjective { Filters: var filters } policy)
            return null;
        var masked = policy.Masked(batch).Layout;
        return
        [
            .. Enumerable
                .Range(0, masked.Responses)
                .Select(row => (filters.DropTruncated || filters.DropSilentGroups) && masked.ActiveInRow[row] == 0),
        ];
    }
}
