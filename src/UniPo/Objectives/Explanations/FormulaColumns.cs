namespace UniPo;

/// <summary>The columns of a report that formulas name by a letter but leave to the code.</summary>
internal static class FormulaColumns
{
    public static BatchScope Scope(TokenReport report)
    {
        var scope = new BatchScope { Batch = report.Batch, Columns = Of(report) };
        return report.Objective switch
        {
            PolicyObjective policy => scope with { Weights = policy.Advantage.Weights?.Weights },
            PreferenceObjective preference => scope with { Pairs = preference.Pairs.Of(report.Batch) },
            _ => scope,
        };
    }

    private static Dictionary<Quantity, TokenColumn> Of(TokenReport report)
    {
        var layout = report.Batch.Layout;
        var columns = new Dictionary<Quantity, TokenColumn>();
        if (report.Clipped is { } sides)
        {
            columns[Quantities.Kept] = new TokenColumn(layout, [.. sides.Select(s => s == ClipSide.Dropped ? 0.0 : 1)]);
            columns[Quantities.Charged] = new TokenColumn(layout, [.. sides.Select(s => s == ClipSide.Dropped ? 1.0 : 0)]);
        }
        if (report.Objective is not PolicyObjective policy)
            return columns;
        if (policy.Filters.EntropyThreshold(report.Batch) is { } threshold)
            columns[Quantities.EntropyThreshold] = new TokenColumn(layout, [.. Enumerable.Repeat(threshold, layout.Tokens)]);
        if (policy.Advantage is { Weights: null, RewardRange: null })
            return columns;
        // Weighing and limiting rewards happens before any formula begins; R_i and R_it are what comes out of it.
        var rewards = AdvantageRun.RewardsOf(policy.Advantage, report.Batch);
        columns[Quantities.Reward] = new TokenColumn(
            layout,
            [.. Enumerable.Range(0, layout.Responses).SelectMany(row => Enumerable.Repeat(rewards[row], layout.Length(row)))]
        );
        if (report.Batch.TokenRewards is null)
            columns[Quantities.TokenReward] = new TokenColumn(
                layout,
                [.. Enumerable.Range(0, layout.Responses).SelectMany(Last)]
            );
        return columns;

        IEnumerable<double> Last(int row)
        {
            var last = Enumerable.Range(0, layout.Length(row)).LastOrDefault(t => layout.IsActive(layout.RowStarts[row] + t), -1);
            return Enumerable.Range(0, layout.Length(row)).Select(t => t == last ? rewards[row] : 0);
        }
    }
}
