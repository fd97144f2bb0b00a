namespace UniPo;

/// <summary>Finds objectives of a comparison that gave the same curves, and says why where that is known.</summary>
internal static class SameCurves
{
    /// <summary>A sentence for each pair of neighbours that no seed tells apart.</summary>
    /// <param name="planned">What was to be trained.</param>
    /// <param name="finished">What reached its end.</param>
    public static IEnumerable<string> Of(IReadOnlyList<ComparedRun> planned, IReadOnlyList<TrainingRun> finished)
    {
        ComparedRun[] objectives = [.. planned.DistinctBy(r => r.Objective.Name)];
        var told = new HashSet<string>();
        for (var i = 0; i < objectives.Length; i++)
        {
            var same = objectives.Skip(i + 1).Where(other => AreSame(objectives[i], other, finished)).ToList();
            if (same.Count == 0 || !told.Add(objectives[i].Objective.Name))
                continue;
            told.UnionWith(same.Select(s => s.Objective.Name));
            yield return $"{Names([objectives[i], .. same])} gave exactly the same curves with every seed. {Reason(objectives[i])}";
        }
    }

    private static bool AreSame(ComparedRun a, ComparedRun b, IReadOnlyList<TrainingRun> finished)
    {
        var pairs = (
            from one in finished
            join other in finished on one.Header.Seed equals other.Header.Seed
            where one.Header.Algorithm == a.Objective.Name && other.Header.Algorithm == b.Objective.Name
            select (one, other)
        ).ToList();
        return pairs.Count > 0 && pairs.TrueForAll(p => AreSame(p.one, p.other));
    }

    /// <summary>Rewards and gradients of every step: two runs that differ in anything differ in these.</summary>
    private static bool AreSame(TrainingRun a, TrainingRun b) =>
        a.After == b.After
        && a.Steps.Count == b.Steps.Count
        && a.Steps.Zip(b.Steps, (x, y) => (x.Metric("reward"), x.Metric("entropy")) == (y.Metric("reward"), y.Metric("entropy")))
            .All(same => same);

    private static string Reason(ComparedRun run) =>
        run.Inert() ?? "What was changed between them cannot act with these settings.";

    private static string Names(IReadOnlyList<ComparedRun> runs) =>
        string.Join(", ", runs.SkipLast(1).Select(r => r.Objective.Name)) + " and " + runs[^1].Objective.Name;
}
