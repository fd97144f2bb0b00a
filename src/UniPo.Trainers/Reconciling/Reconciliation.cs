using System.Globalization;
using System.Text;

namespace UniPo;

/// <summary>One step computed anew under an objective, beside what the log says.</summary>
/// <param name="Step">Number of the step.</param>
/// <param name="Columns">Logged against computed, column by column; empty when the log holds none of them.</param>
/// <param name="Report">The weights under the objective; null where log-probabilities are missing.</param>
/// <param name="Advantages">[ΣT] advantages under the objective; null where rewards are missing.</param>
/// <param name="Without">What could not be computed and why; null when nothing is missing.</param>
public sealed record ReconciledStep(
    int Step,
    IReadOnlyList<ReconciledColumn> Columns,
    TokenReport? Report,
    TokenColumn? Advantages,
    string? Without
);

/// <summary>A logged run under an objective: what it would have been, and where that differs from what was logged.</summary>
/// <param name="Objective">The objective.</param>
/// <param name="Steps">The steps that hold responses.</param>
/// <param name="Fits">Which parts fit the logged numbers best, in sentences.</param>
public sealed record Reconciliation(Objective Objective, IReadOnlyList<ReconciledStep> Steps, IReadOnlyList<string> Fits)
{
    private const int StepsInText = 12;

    /// <summary>The worst agreement over all steps; null when nothing could be compared.</summary>
    public Agreement? Worst => Steps.SelectMany(s => s.Columns).Select(c => (Agreement?)c.Agreement).DefaultIfEmpty(null).Max();

    /// <summary>The comparison as text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, $"Under {Objective.Name}, beside what the log says:");
        if (Steps.Count == 0)
            Line(text, "The log holds no responses, so nothing can be computed anew.");
        foreach (var step in Steps.Take(StepsInText))
        {
            Line(text, string.Create(CultureInfo.InvariantCulture, $"Step {step.Step}"));
            foreach (var column in step.Columns)
                Line(text, "  " + column);
            if (step.Advantages is { } advantages)
                Line(
                    text,
                    $"  advantages {Range(advantages)}" + (step.Report is { } report ? $", weights {Range(report.Weight)}" : "")
                );
            if (step.Without is not null)
                Line(text, "  " + step.Without);
        }
        if (Steps.Count > StepsInText)
            Line(text, string.Create(CultureInfo.InvariantCulture, $"… and {Steps.Count - StepsInText} more steps."));
        foreach (var fit in Fits)
            Line(text, fit);
        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static string Range(TokenColumn column)
    {
        double[] finite = [.. column.Values.ToArray().Where(double.IsFinite)];
        return finite.Length == 0
            ? "unknown"
            : string.Create(CultureInfo.InvariantCulture, $"from {finite.Min():0.####} to {finite.Max():0.####}");
    }
}

/// <summary>What if the run had been trained with another objective?</summary>
public static class Reconciling
{
    /// <summary>The run's responses under an objective, beside what was logged.</summary>
    /// <param name="run">A run whose log holds responses.</param>
    /// <param name="objective">For instance <c>Algorithms.DrGrpo</c>.</param>
    /// <example><code>TrainerLog.Read("train_data_step1.jsonl").WhatIf(Algorithms.DrGrpo)</code></example>
    public static Reconciliation WhatIf(this TrainingRun run, Objective objective)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(objective);
        return Of(objective, [.. LoggedStep.Of(run)]);
    }

    /// <summary>The log's responses under an objective, beside what was logged.</summary>
    /// <param name="log">A log that holds responses.</param>
    /// <param name="objective">For instance <c>Algorithms.DrGrpo</c>.</param>
    /// <param name="options">How many prompts of each step; null for the usual.</param>
    public static Reconciliation WhatIf(this TrainerLog log, Objective objective, LogOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(objective);
        return Of(objective, [.. LoggedStep.Of(log, options ?? new LogOptions())]);
    }

    private static Reconciliation Of(Objective objective, LoggedStep[] steps) =>
        new(objective, [.. steps.Select(s => Step(objective, s))], [.. PartFits.Of(steps)]);

    private static ReconciledStep Step(Objective objective, LoggedStep logged)
    {
        var missing = new List<string>();
        var batch = logged.Batch;
        TokenColumn? advantages = null;
        TokenReport? report = null;
        if (!logged.HasRewards)
            missing.Add("The log holds no rewards, so advantages are not computed anew; the logged ones are used.");
        if (objective is PolicyObjective { Kl: not NoKl } withKl && batch.ReferenceLogProbs is null)
        {
            objective = withKl with { Kl = Kl.None };
            missing.Add("The log holds no log-probabilities of the reference, so the KL term is left out.");
        }
        if (
            objective is PolicyObjective { Value: not null } or PolicyObjective { Entropy: not null }
            && objective is PolicyObjective critic
        )
            objective = critic with { Value = null, Entropy = null }; // neither enters a token's weight
        try
        {
            var credited = logged is { HasRewards: true, HasLogProbs: true } ? objective.Credit(batch) : null;
            if (logged.HasRewards && objective is PolicyObjective policy)
                advantages = credited?.Advantages ?? policy.Advantage.Estimate(policy.Masked(batch)).Advantages;
            if (logged.HasLogProbs)
                report = Evaluate(objective, logged, credited);
            else
                missing.Add("The log holds no log-probabilities of every token, so weights and ratios are not known.");
        }
        catch (Exception fault) when (fault is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            missing.Add($"Not computed: {fault.Message}");
        }
        return new ReconciledStep(
            logged.Step,
            [
                .. new[]
                {
                    ReconciledColumn.Of("advantage", logged.Advantages, advantages),
                    ReconciledColumn.Of("ratio", logged.Ratio, report?.Ratio),
                    ReconciledColumn.Of("weight", logged.Weight, report?.Weight),
                    ReconciledColumn.Of("KL", logged.Kl, report?.Kl),
                }.OfType<ReconciledColumn>(),
            ],
            report,
            advantages,
            missing.Count == 0 ? null : string.Join(" ", missing)
        );
    }

    // Without rewards the logged advantages stand for those of the objective.
    private static TokenReport? Evaluate(Objective objective, LoggedStep logged, CreditedBatch? credited)
    {
        if (credited is null)
        {
            if (objective is not PolicyObjective || logged.Advantages is null)
                return null;
            credited = new CreditedBatch
            {
                Batch = logged.Batch,
                Totals = BatchTotals.Of(logged.Batch),
                Advantages = logged.Advantages,
            };
        }
        return objective.Evaluate(credited with { Totals = logged.Totals ?? credited.Totals });
    }
}
