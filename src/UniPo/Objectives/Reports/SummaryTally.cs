using System.Runtime.InteropServices;
using UniPo.Numerics;

namespace UniPo;

/// <summary>Counts a report's columns over the active tokens, response by response, while they lie in the processor's cache.</summary>
internal sealed class SummaryTally(TokenLayout layout)
{
    private double _fall,
        _kl,
        _ratios,
        _least = double.PositiveInfinity,
        _most;
    private int _still,
        _bitten,
        _low,
        _high;
    private bool _hasSides,
        _hasRatios,
        _hasKl;

    /// <summary>How far the log-probabilities fell since sampling.</summary>
    public void AddDistance(int row, RolloutBatch batch) =>
        _fall += ActiveSum(row, batch.OldLogProbs.Row(row)) - ActiveSum(row, batch.LogProbs.Row(row));

    /// <summary>The weight that all tokens of a response share.</summary>
    public void AddWeight(int row, double weight) => _still += weight == 0 ? layout.ActiveInRow[row] : 0;

    /// <summary>Weights of one response; a masked token's is 0 and does not count.</summary>
    public void AddWeights(int row, ReadOnlySpan<double> weights) =>
        _still += DoubleKernels.Zeros(weights) - (layout.Length(row) - layout.ActiveInRow[row]);

    /// <summary>Bounds that bite in one response; none does on a masked token.</summary>
    public void AddSides(ReadOnlySpan<ClipSide> sides)
    {
        _hasSides = true;
        var bitten = sides.Length - Count(sides, ClipSide.None);
        if (bitten == 0)
            return;
        _bitten += bitten;
        _low += Count(sides, ClipSide.Low);
        _high += Count(sides, ClipSide.High);
    }

    /// <summary>KL estimates of one response; 0 on masked tokens.</summary>
    public void AddKl(ReadOnlySpan<double> kl)
    {
        _hasKl = true;
        _kl += DoubleKernels.Sum(kl);
    }

    /// <summary>Importance ratios of one response.</summary>
    public void AddRatios(int row, ReadOnlySpan<double> ratios)
    {
        _hasRatios = true;
        _ratios += ActiveSum(row, ratios);
        var mask = layout.RowMask(row);
        if (mask.IsEmpty)
        {
            var (least, most) = DoubleKernels.Range(ratios);
            (_least, _most) = (Math.Min(_least, least), Math.Max(_most, most));
            return;
        }
        for (var i = 0; i < ratios.Length; i++)
            if (mask[i])
                (_least, _most) = (Math.Min(_least, ratios[i]), Math.Max(_most, ratios[i]));
    }

    /// <summary>What was counted, as shares and means.</summary>
    /// <param name="objective">J.</param>
    /// <param name="advantages">[ΣT] A; null where there is none.</param>
    public ObjectiveSummary Summary(double objective, TokenColumn? advantages = null)
    {
        double tokens = Math.Max(layout.ActiveTokens, 1);
        var measured = _hasRatios && layout.ActiveTokens > 0;
        return new ObjectiveSummary
        {
            Objective = objective,
            TokensWithoutGradient = _still / tokens,
            ClipFraction = _hasSides ? _bitten / tokens : null,
            ClipFractionLow = _hasSides ? _low / tokens : null,
            ClipFractionHigh = _hasSides ? _high / tokens : null,
            Kl = _hasKl ? _kl / tokens : null,
            KlToOld = _fall / tokens,
            RatioMean = measured ? _ratios / layout.ActiveTokens : null,
            RatioMin = measured ? _least : null,
            RatioMax = measured ? _most : null,
            SilentGroups = advantages is null ? null : SilentGroups(advantages),
        };
    }

    private double ActiveSum(int row, ReadOnlySpan<double> values) => Masked.Sum(layout.RowMask(row), values);

    private double SilentGroups(TokenColumn advantages)
    {
        var silent = 0;
        for (var g = 0; g < layout.Groups; g++)
            if (IsSilent(advantages, layout.GroupStarts[g], layout.GroupStarts[g + 1]))
                silent++;
        return (double)silent / layout.Groups;
    }

    private bool IsSilent(TokenColumn advantages, int first, int end)
    {
        if (advantages.Shares is not { } shares)
            return !advantages.Values[layout.RowStarts[first]..layout.RowStarts[end]].ContainsAnyExcept(0.0);
        for (var row = first; row < end; row++)
            if (shares[row] != 0 && layout.ActiveInRow[row] > 0)
                return false;
        return true;
    }

    // An enum is one byte here; counted as bytes the search is vectorised, also on .NET 8, where an enum itself cannot be
    // counted.
    private static int Count(ReadOnlySpan<ClipSide> sides, ClipSide side) =>
        MemoryMarshal.Cast<ClipSide, byte>(sides).Count((byte)side);
}
