using UniPo.Numerics;

namespace UniPo;

/// <summary>Counts a report's columns over the active tokens.</summary>
internal static class ReportSummary
{
    public static ObjectiveSummary Of(
        RolloutBatch batch,
        double objective,
        double[] weights,
        TokenColumn? advantages = null,
        double[]? ratio = null,
        ClipSide[]? sides = null,
        TokenColumn? kl = null
    )
    {
        var layout = batch.Layout;
        double tokens = Math.Max(layout.ActiveTokens, 1);
        // A masked token has weight 0, KL 0 and no bound, so it is only subtracted from the count of zeros.
        var still = DoubleKernels.Zeros(weights) - (layout.Tokens - layout.ActiveTokens);
        double? Share(ClipSide side) => sides is null ? null : Count(sides, side) / tokens;
        var bitten = sides is null ? (double?)null : (sides.Length - Count(sides, ClipSide.None)) / tokens;
        var (mean, least, most) = ratio is null || layout.ActiveTokens == 0 ? default : Ratios(layout, ratio);
        var measured = ratio is not null && layout.ActiveTokens > 0;
        return new ObjectiveSummary
        {
            Objective = objective,
            TokensWithoutGradient = still / tokens,
            ClipFraction = bitten,
            ClipFractionLow = Share(ClipSide.Low),
            ClipFractionHigh = Share(ClipSide.High),
            Kl = kl is null ? null : DoubleKernels.Sum(kl.Values) / tokens,
            KlToOld = Fall(batch) / tokens,
            RatioMean = measured ? mean : null,
            RatioMin = measured ? least : null,
            RatioMax = measured ? most : null,
            SilentGroups = advantages is null ? null : SilentGroups(layout, advantages.Values),
        };
    }

    private static double Fall(RolloutBatch batch)
    {
        ReadOnlySpan<double> now = batch.LogProbs.Values,
            old = batch.OldLogProbs.Values;
        if (batch.Layout.Mask.IsEmpty)
            return DoubleKernels.Sum(old) - DoubleKernels.Sum(now);
        return Masked.Sum(batch.Layout, old, 0, old.Length) - Masked.Sum(batch.Layout, now, 0, now.Length);
    }

    private static (double Mean, double Least, double Most) Ratios(TokenLayout layout, ReadOnlySpan<double> ratio)
    {
        var mean = Masked.Sum(layout, ratio, 0, ratio.Length) / layout.ActiveTokens;
        var (least, most) = (double.PositiveInfinity, 0.0);
        if (layout.Mask.IsEmpty)
            (least, most) = DoubleKernels.Range(ratio);
        else
            for (var i = 0; i < ratio.Length; i++)
                if (layout.IsActive(i))
                    (least, most) = (Math.Min(least, ratio[i]), Math.Max(most, ratio[i]));
        return (mean, least, most);
    }

    private static double SilentGroups(TokenLayout layout, ReadOnlySpan<double> advantages)
    {
        var silent = 0;
        for (var g = 0; g < layout.Groups; g++)
        {
            var (from, to) = (layout.RowStarts[layout.GroupStarts[g]], layout.RowStarts[layout.GroupStarts[g + 1]]);
            if (!advantages[from..to].ContainsAnyExcept(0.0))
                silent++;
        }
        return (double)silent / layout.Groups;
    }

    // An enum is one byte here; counted as bytes the search is vectorised, also on .NET 8, where an enum itself cannot be
    // counted.
    private static int Count(ClipSide[] sides, ClipSide side) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<ClipSide, byte>(sides.AsSpan()).Count((byte)side);
}
