namespace UniPo.Interactive;

/// <summary>Which steps of a run are worth keeping token by token.</summary>
internal static class ExplorerSteps
{
    private static readonly string[] _telling =
    [
        "reward",
        "kl",
        "entropy",
        "grad_norm",
        "response_length",
        "clip_fraction",
        "policy_loss",
    ];

    /// <summary>
    /// Indices of steps that have tokens, ascending: the ends, extremes and jumps of the metrics, the second pass, and the rest
    /// spread evenly.
    /// </summary>
    public static IReadOnlyList<int> Choose(TrainingRun run, int most)
    {
        var having = Enumerable.Range(0, run.Steps.Count).Where(i => run.Steps[i].Report is not null).ToArray();
        if (having.Length <= most)
            return having;
        var kept = new SortedSet<int>();
        foreach (var candidate in Telling(run, having))
        {
            if (kept.Count >= (most + 1) / 2)
                break; // the other half is for the way in between
            kept.Add(candidate);
        }
        Spread(having, kept, most);
        return [.. kept];
    }

    private static IEnumerable<int> Telling(TrainingRun run, int[] having)
    {
        yield return having[0];
        yield return having[^1];
        if (having.FirstOrDefault(i => !run.Steps[i].FirstAfterRollout, -1) is >= 0 and var second)
            yield return second; // where clipping can begin
        foreach (var metric in _telling)
        {
            var curve = run.Curve(metric);
            var measured = having.Where(i => double.IsFinite(curve[i])).ToArray();
            if (measured.Length == 0)
                continue;
            yield return measured.MaxBy(i => curve[i]);
            yield return measured.MinBy(i => curve[i]);
            yield return measured
                .Skip(1)
                .DefaultIfEmpty(measured[0])
                .MaxBy(i => i > 0 && double.IsFinite(curve[i - 1]) ? Math.Abs(curve[i] - curve[i - 1]) : 0);
        }
    }

    // Again and again the middle of the widest gap.
    private static void Spread(int[] having, SortedSet<int> kept, int most)
    {
        while (kept.Count < most)
        {
            var marks = kept.ToArray();
            var (from, to) = marks
                .Zip(marks.Skip(1))
                .OrderByDescending(g => g.Second - g.First)
                .FirstOrDefault((having[0], having[^1]));
            var inside = having.Where(i => i > from && i < to).ToArray();
            if (inside.Length == 0)
            {
                foreach (var free in having.Where(i => !kept.Contains(i)).Take(most - kept.Count).ToArray())
                    kept.Add(free);
                return;
            }
            kept.Add(inside.MinBy(i => Math.Abs(i - (from + to) / 2)));
        }
    }
}
