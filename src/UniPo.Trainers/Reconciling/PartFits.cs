using System.Globalization;

namespace UniPo;

/// <summary>Finds the parts whose numbers fit the logged ones best, and says so in words.</summary>
internal static class PartFits
{
    // A fit that is worse than this names nothing: it would be a guess.
    private const double Good = 2e-3;

    // Two fits that are this near to each other cannot be told apart.
    private const double Alike = 2e-6;

    private static readonly (string Name, Advantage Part)[] _advantages =
    [
        ("group mean / std with ddof 1, ε = 1e-4 (TRL)", new GroupMeanStd { Epsilon = 1e-4 }),
        ("group mean / std with ddof 1, ε = 1e-6 (verl, SkyRL)", new GroupMeanStd { Epsilon = 1e-6 }),
        ("group mean / std with ddof 1, ε = 1e-9 (OpenRLHF)", new GroupMeanStd { Epsilon = 1e-9 }),
        ("group mean / std with ddof 0, ε = 1e-4", new GroupMeanStd { Epsilon = 1e-4, Ddof = 0 }),
        ("group mean / std with ddof 0, ε = 1e-6", new GroupMeanStd { Epsilon = 1e-6, Ddof = 0 }),
        ("group mean / std with ddof 0, ε = 1e-8", new GroupMeanStd { Epsilon = 1e-8, Ddof = 0 }),
        ("reward minus the group mean, not divided (Dr. GRPO)", new GroupMean()),
        ("reward minus the mean of the others (leave one out, RLOO)", new LeaveOneOut()),
        ("group mean / std of the batch with ddof 1", new GroupMeanBatchStd()),
        ("the reward itself", new RewardOnly()),
        ("reward minus the mean of the batch", new BatchMean()),
        ("reward minus the group mean, whitened over all tokens (REINFORCE++-baseline)", new GroupMean { Whiten = new() }),
    ];

    private static readonly (string Name, Aggregation Part)[] _aggregations =
    [
        ("mean of each response, then over responses (GRPO)", Aggregation.SequenceMean),
        ("mean over all tokens (DAPO)", Aggregation.TokenMean),
        ("sum of each response, mean over responses (REINFORCE)", Aggregation.SequenceSum),
        ("sum of each response divided by the longest length allowed (Dr. GRPO)", new ConstantLength()),
        ("mean over the tokens of each prompt, then over prompts", new GroupTokenMean()),
    ];

    private static readonly (string Name, Func<double, double> Part)[] _estimators =
    [
        ("k1, the log-ratio", u => u),
        ("k2, half its square", u => u * u / 2),
        ("k3, e^−u + u − 1", u => Math.Exp(-u) + u - 1),
        ("the absolute log-ratio", Math.Abs),
    ];

    /// <summary>A sentence for each part that could be looked for.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<LoggedStep> steps)
    {
        if (Advantages(steps) is { } advantages)
            yield return advantages;
        if (Aggregations(steps) is { } aggregations)
            yield return aggregations;
        if (Estimators(steps, "KL to the reference", s => s.Kl, s => s.Batch.ReferenceLogProbs) is { } kl)
            yield return kl;
        if (Estimators(steps, "KL between trainer and sampler", s => s.MismatchKl, s => s.Batch.OldLogProbs) is { } mismatch)
            yield return mismatch;
    }

    private static string? Advantages(IReadOnlyList<LoggedStep> steps)
    {
        LoggedStep[] known = [.. steps.Where(s => s.Advantages is not null && s.HasRewards)];
        if (known.Length == 0)
            return null;
        var fits = _advantages.Select(c =>
            (c.Name, Off: Worst(known, s => (s.Advantages!, Try(() => c.Part.Estimate(s.Batch).Advantages))))
        );
        return Sentence("These advantages are", "advantage estimator", fits);
    }

    private static string? Aggregations(IReadOnlyList<LoggedStep> steps)
    {
        LoggedStep[] known =
        [
            .. steps.Where(s =>
                s.HasLogProbs && s.Advantages is not null && (s.AggregationWeight is not null || s.Value is not null)
            ),
        ];
        if (known.Length == 0)
            return null;
        var fits = _aggregations.Select(c => (c.Name, Off: known.Max(s => Off(s, c.Part))));
        return Sentence("Tokens are aggregated as", "aggregation", fits);
    }

    private static double Off(LoggedStep step, Aggregation aggregation)
    {
        var objective = new PolicyObjective
        {
            Name = "fit",
            Advantage = new RewardOnly(),
            Ratio = Ratio.Token,
            Clip = Clip.None,
            Aggregation = aggregation,
        };
        var report = Try(() =>
            objective.Evaluate(
                new CreditedBatch
                {
                    Batch = step.Batch,
                    Totals = step.Totals ?? BatchTotals.Of(step.Batch),
                    Advantages = step.Advantages,
                }
            )
        );
        if (report is null)
            return double.PositiveInfinity;
        if (step.AggregationWeight is { } factors)
            return ReconciledColumn.Of("", factors, report.AggregationWeight)?.Largest ?? double.PositiveInfinity;
        return Math.Abs(report.Summary.Objective - step.Value!.Value) / Math.Max(Math.Abs(step.Value.Value), 1e-6);
    }

    private static string? Estimators(
        IReadOnlyList<LoggedStep> steps,
        string what,
        Func<LoggedStep, TokenColumn?> logged,
        Func<LoggedStep, TokenColumn?> other
    )
    {
        LoggedStep[] known = [.. steps.Where(s => logged(s) is not null && other(s) is not null)];
        if (known.Length == 0)
            return null;
        var fits = _estimators.Select(c =>
            (c.Name, Off: Worst(known, s => (logged(s)!, Estimate(s.Batch.LogProbs, other(s)!, c.Part))))
        );
        return Sentence($"The {what} is estimated by", "estimator", fits);
    }

    private static TokenColumn Estimate(TokenColumn now, TokenColumn other, Func<double, double> part)
    {
        var values = new double[now.Values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = part(now.Values[i] - other.Values[i]);
        return new TokenColumn(now.Layout, values);
    }

    private static double Worst(LoggedStep[] steps, Func<LoggedStep, (TokenColumn Logged, TokenColumn? Computed)> columns) =>
        steps.Max(s =>
        {
            var (logged, computed) = columns(s);
            return computed is null
                ? double.PositiveInfinity
                : ReconciledColumn.Of("", logged, computed)?.Largest ?? double.PositiveInfinity;
        });

    private static T? Try<T>(Func<T> compute)
        where T : class
    {
        try
        {
            return compute();
        }
        catch (Exception fault) when (fault is ArgumentException or ArithmeticException)
        {
            return null; // this candidate needs what the log has not
        }
    }

    private static string Sentence(string begin, string part, IEnumerable<(string Name, double Off)> fits)
    {
        var sorted = fits.OrderBy(f => f.Off).ToArray();
        var best = sorted[0];
        if (!(best.Off <= Good))
            return double.IsFinite(best.Off)
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"No known {part} gives the logged numbers; the nearest is {best.Name}, off by {best.Off * 100:0.##} %."
                )
                : $"No known {part} could be tried on these numbers.";
        string[] alike = [.. sorted.Skip(1).Where(f => f.Off - best.Off <= Alike).Select(f => f.Name)];
        return string.Create(CultureInfo.InvariantCulture, $"{begin} {best.Name} (largest difference {best.Off * 100:0.####} %).")
            + (alike.Length == 0 ? "" : $" These numbers cannot tell it from {string.Join("; ", alike)}.");
    }
}
