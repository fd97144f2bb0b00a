using UniPo.Numerics;

namespace UniPo.Formulas;

/// <summary>Σ, mean or count over all tokens of the batch that count, gathered response by response.</summary>
/// <remarks>
/// A token column lives in the cache for one response only. So a whole fold over tokens is two steps: each response hands in its
/// share (<see cref="TokenFold"/>), and the shares are added up here.
/// </remarks>
internal sealed class AllTokensFold(Node shares, bool mean) : Node(Level.Batch, shares)
{
    public override bool IsLinear => true;

    public override void Forward(Frame frame)
    {
        var sum = DoubleKernels.Sum(frame.All(shares));
        frame.All(this)[0] = mean ? sum / Math.Max(frame.Layout.ActiveTokens, 1) : sum;
    }

    public override void Backward(Frame frame)
    {
        var slope = frame.AllSlopes(this)[0] / (mean ? Math.Max(frame.Layout.ActiveTokens, 1) : 1);
        foreach (ref var target in frame.AllSlopes(shares))
            target += slope;
    }
}

/// <summary>The mean over all tokens, exactly their common value where all are equal.</summary>
internal sealed class AllTokensMean(Node sums, Node least, Node most) : Node(Level.Batch, sums, least, most)
{
    public override bool IsLinear => true;

    public override void Forward(Frame frame)
    {
        var low = double.PositiveInfinity;
        var high = double.NegativeInfinity;
        for (var row = 0; row < frame.Layout.Responses; row++)
            if (frame.Layout.ActiveInRow[row] > 0)
                (low, high) = (Math.Min(low, frame.All(least)[row]), Math.Max(high, frame.All(most)[row]));
        frame.All(this)[0] = low == high ? low : DoubleKernels.Sum(frame.All(sums)) / Math.Max(frame.Layout.ActiveTokens, 1);
    }

    public override void Backward(Frame frame)
    {
        var slope = frame.AllSlopes(this)[0] / Math.Max(frame.Layout.ActiveTokens, 1);
        foreach (ref var target in frame.AllSlopes(sums))
            target += slope;
    }
}

/// <summary>The smallest or largest number among a response's tokens that count; it hands on no derivative.</summary>
internal sealed class TokenExtreme(Node body, bool smallest) : Node(Level.Response, body)
{
    public override bool Moves => false;

    public override void Forward(Frame frame)
    {
        var x = frame.Values(body, this);
        var best = smallest ? double.PositiveInfinity : double.NegativeInfinity;
        for (var t = 0; t < x.Length; t++)
            if (frame.Mask.IsEmpty || frame.Mask[t])
                best = smallest ? Math.Min(best, x[t]) : Math.Max(best, x[t]);
        frame.Values(this)[0] = best;
    }

    public override void Backward(Frame frame) { }
}

/// <summary>Standard deviation over all tokens from the sum of squared distances to their mean, in a unit of their size.</summary>
internal sealed class AllTokensStd(Node squares, Node unit, int ddof) : Node(Level.Batch, squares, unit)
{
    public override void Forward(Frame frame)
    {
        var sum = DoubleKernels.Sum(frame.All(squares));
        var count = frame.Layout.ActiveTokens - ddof;
        frame.All(this)[0] = count > 0 ? frame.All(unit)[0] * Math.Sqrt(sum / count) : 0;
    }

    public override void Backward(Frame frame)
    {
        var std = frame.All(this)[0];
        var count = frame.Layout.ActiveTokens - ddof;
        if (std == 0)
            return;
        var scale = frame.All(unit)[0];
        var slope = frame.AllSlopes(this)[0] * scale * scale / (2 * std * count);
        foreach (ref var target in frame.AllSlopes(squares))
            target += slope;
    }
}

/// <summary>By what distances are divided before they are squared: 1, or their size where squares would overflow.</summary>
internal sealed class UnitNode(Node mean, Node least, Node most) : Node(Level.Batch, mean, least, most)
{
    public override bool Moves => false;

    public override void Forward(Frame frame)
    {
        var size = 0.0;
        for (var row = 0; row < frame.Layout.Responses; row++)
            if (frame.Layout.ActiveInRow[row] > 0)
                size = Math.Max(
                    size,
                    Math.Max(
                        Math.Abs(frame.All(least)[row] - frame.All(mean)[0]),
                        Math.Abs(frame.All(most)[row] - frame.All(mean)[0])
                    )
                );
        frame.All(this)[0] = size is > 1e140 or < 1e-140 and > 0 ? size : 1;
    }

    public override void Backward(Frame frame) { }
}
