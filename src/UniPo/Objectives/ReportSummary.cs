namespace UniPo;

/// <summary>Counts a report's columns over the active tokens.</summary>
internal static class ReportSummary
{
    public static ObjectiveSummary Of(
        RolloutBatch batch, double objective, double[] weights, TokenColumn? advantages = null, double[]? ratio = null, ClipSide[]? sides = null, double[]? kl = null)
    {
        var layout = batch.Layout;
        ReadOnlySpan<double> now = batch.LogProbs.Values, old = batch.OldLogProbs.Values;
        int low = 0, high = 0, still = 0;
        double ratioSum = 0, least = double.PositiveInfinity, most = 0, klSum = 0, fall = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (!layout.IsActive(i)) continue;
            if (weights[i] == 0) still++;
            if (sides is not null)
            {
                if (sides[i] == ClipSide.Low) low++;
                else if (sides[i] == ClipSide.High) high++;
            }
            if (kl is not null) klSum += kl[i];
            fall += old[i] - now[i];
            if (ratio is null) continue;
            ratioSum += ratio[i];
            least = Math.Min(least, ratio[i]);
            most = Math.Max(most, ratio[i]);
        }
        double tokens = Math.Max(layout.ActiveTokens, 1);
        var measured = ratio is not null && layout.ActiveTokens > 0;
        return new ObjectiveSummary
        {
            Objective = objective,
            TokensWithoutGradient = still / tokens,
            ClipFraction = sides is null ? null : (low + high) / tokens,
            ClipFractionLow = sides is null ? null : low / tokens,
            ClipFractionHigh = sides is null ? null : high / tokens,
            Kl = kl is null ? null : klSum / tokens,
            KlToOld = fall / tokens,
            RatioMean = measured ? ratioSum / tokens : null,
            RatioMin = measured ? least : null,
            RatioMax = measured ? most : null,
            SilentGroups = advantages is null ? null : SilentGroups(layout, advantages.Values),
        };
    }

    private static double SilentGroups(TokenLayout layout, ReadOnlySpan<double> advantages)
    {
        var silent = 0;
        for (var g = 0; g < layout.Groups; g++)
        {
            var (from, to) = (layout.RowStarts[layout.GroupStarts[g]], layout.RowStarts[layout.GroupStarts[g + 1]]);
            if (!advantages[from..to].ContainsAnyExcept(0.0)) silent++;
        }
        return (double)silent / layout.Groups;
    }
}
