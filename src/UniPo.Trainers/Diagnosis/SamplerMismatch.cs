namespace UniPo;

/// <summary>How far sampler and trainer are apart, from the tokens of a log.</summary>
internal static class SamplerMismatch
{
    // A few steps suffice for a mean.
    private const int StepsLookedAt = 8;

    /// <summary>Mean |log π_old − log μ| over tokens, in nats; null when the log does not hold both.</summary>
    public static double? Of(TrainerLog log)
    {
        var (sum, count) = (0.0, 0L);
        foreach (var report in log.Run.Steps.Select(s => s.Report).OfType<TokenReport>().Take(StepsLookedAt))
        {
            var batch = report.Batch;
            // prime-rl takes the sampler's as the old ones; there the trainer's current ones are the other side.
            var (ours, theirs) =
                log.Format == LogFormat.PrimeRl
                    ? (batch.LogProbs, batch.OldLogProbs)
                    : (batch.OldLogProbs, batch.SamplerLogProbs);
            if (theirs is null || ReferenceEquals(ours, theirs) || log.Format == LogFormat.OpenInstruct)
                continue;
            for (var i = 0; i < batch.Layout.Tokens; i++)
                if (batch.Layout.IsActive(i) && double.IsFinite(ours.Values[i] - theirs.Values[i]))
                    (sum, count) = (sum + Math.Abs(ours.Values[i] - theirs.Values[i]), count + 1);
        }
        return count == 0 ? null : sum / count;
    }
}
