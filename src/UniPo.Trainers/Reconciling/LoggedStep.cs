namespace UniPo;

/// <summary>What a log holds of one step, whichever kind of file it came from.</summary>
internal sealed record LoggedStep(int Step, RolloutBatch Batch)
{
    public TokenColumn? Advantages { get; init; }

    public TokenColumn? Ratio { get; init; }

    public TokenColumn? Weight { get; init; }

    public TokenColumn? Kl { get; init; }

    public TokenColumn? MismatchKl { get; init; }

    public TokenColumn? AggregationWeight { get; init; }

    /// <summary>The value of the objective as logged; null when it is not, or when not all responses are here.</summary>
    public double? Value { get; init; }

    /// <summary>Counts of the whole rollout; null to take those of the responses at hand.</summary>
    public BatchTotals? Totals { get; init; }

    /// <summary>The steps of a run that hold responses.</summary>
    public static IEnumerable<LoggedStep> Of(TrainingRun run) => run.Steps.Where(s => s.Report is not null).Select(Of);

    private static LoggedStep Of(TrainingStep step)
    {
        var report = step.Report!;
        var whole = report.Totals is null || report.Totals.Responses == report.Batch.Layout.Responses;
        return new LoggedStep(step.Step, report.Batch)
        {
            Advantages = Known(report.Advantage),
            Ratio = Known(report.Ratio),
            Weight = Known(report.Weight),
            Kl = Known(report.Kl),
            AggregationWeight = Known(report.AggregationWeight),
            Totals = report.Totals,
            Value = whole
                ? step.Metric("policy_objective") ?? (double.IsFinite(report.Summary.Objective) ? report.Summary.Objective : null)
                : null,
        };
    }

    /// <summary>The steps of a log; those of rollout files are read page by page, the first prompts of each step.</summary>
    public static IEnumerable<LoggedStep> Of(TrainerLog log, LogOptions options)
    {
        if (log.Rollouts is not { } archive)
            return log.Runs.SelectMany(Of);
        return archive.Steps.Select(step =>
        {
            var page = archive.Page(step, 0, options.PromptsPerStep, options.Tokenizer);
            return new LoggedStep(step, page.Batch)
            {
                Advantages = page.Advantages,
                Ratio = page.Ratio,
                MismatchKl = page.MismatchKl,
            };
        });
    }

    /// <summary>True when every token that counts has log-probabilities, now and at sampling.</summary>
    public bool HasLogProbs => IsWhole(Batch.LogProbs) && IsWhole(Batch.OldLogProbs);

    /// <summary>True when every response has a reward.</summary>
    public bool HasRewards => Batch.Responses.All(r => double.IsFinite(r.Reward));

    private bool IsWhole(TokenColumn column)
    {
        for (var i = 0; i < column.Values.Length; i++)
            if (Batch.Layout.IsActive(i) && !(column.Values[i] <= 1e-5 && double.IsFinite(column.Values[i])))
                return false;
        return true;
    }

    private static TokenColumn? Known(TokenColumn? column) =>
        column is not null && column.Values.ContainsAnyExcept(double.NaN) ? column : null;
}
