namespace UniPo;

/// <summary>Checks runs of any trainer against the questions that are asked most.</summary>
/// <remarks>
/// Thresholds are starting points for a look, not laws; each names where it comes from. A check whose numbers are missing says so
/// and counts as neither good nor bad.
/// </remarks>
public static class Diagnosis
{
    /// <summary>The diagnosis of a log's last run.</summary>
    public static DiagnosisReport Of(TrainerLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return Of(log.Run, log.NotFinite, log.Rollouts is null ? null : SamplerMismatch.Of(log)) with
        {
            Subject = $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(log.Path))}: {log.Recognised}",
            Notes = log.Notes,
        };
    }

    /// <summary>The diagnosis of a run.</summary>
    public static DiagnosisReport Of(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Of(run, new Dictionary<string, (int, int)>(), null);
    }

    private static DiagnosisReport Of(TrainingRun run, IReadOnlyDictionary<string, (int, int)> notFinite, double? mismatch)
    {
        var series = new RunSeries(run, notFinite);
        DiagnosisCheck[] checks =
        [
            NumberChecks.NotANumber(series),
            RewardChecks.Moves(series),
            RewardChecks.Collapse(series),
            RewardChecks.HeldOut(series),
            NumberChecks.LossAtZero(series),
            NumberChecks.GradientClipped(series),
            SignalChecks.SilentGroups(series),
            SignalChecks.RewardSpread(series),
            PolicyChecks.ClipAlwaysZero(series),
            PolicyChecks.ClipTooOften(series),
            PolicyChecks.Entropy(series),
            PolicyChecks.KlSpikes(series),
            PolicyChecks.Sampler(series, mismatch),
            LengthChecks.Drift(series),
            LengthChecks.Truncation(series),
            RewardChecks.ChosenFalls(series),
        ];
        return new DiagnosisReport
        {
            Subject = $"{run.Header.Algorithm}, {run.Steps.Count} steps",
            Checks =
            [
                .. checks.OrderBy(c =>
                    c.Verdict switch
                    {
                        Verdict.Ill => 0,
                        Verdict.Look => 1,
                        Verdict.Fine => 2,
                        _ => 3,
                    }
                ),
            ],
        };
    }
}
