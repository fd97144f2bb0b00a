using System.Runtime.Intrinsics;

namespace UniPo;

/// <summary>How strongly each token ties a high log-probability to a high advantage: what makes entropy fall.</summary>
/// <remarks>
/// Cui et al. 2025, "The entropy mechanism of reinforcement learning for reasoning language models", section 3.
/// </remarks>
internal readonly ref struct TokenCovariance
{
    private readonly TokenLayout _layout;
    private readonly ReadOnlySpan<double> _advantages,
        _logProbs;
    private readonly double _meanAdvantage,
        _meanLogProb;

    public TokenCovariance(RolloutBatch batch, ReadOnlySpan<double> advantages)
    {
        _layout = batch.Layout;
        _advantages = advantages;
        _logProbs = batch.LogProbs.Values;
        var tokens = Math.Max(_layout.ActiveTokens, 1);
        _meanAdvantage = Masked.Sum(_layout, _advantages, 0, _layout.Tokens) / tokens;
        _meanLogProb = Masked.Sum(_layout, _logProbs, 0, _layout.Tokens) / tokens;
    }

    /// <summary>(A − mean A)·(log π − mean log π) of one token; −∞ where it is masked.</summary>
    public double this[int token] =>
        _layout.IsActive(token)
            ? (_advantages[token] - _meanAdvantage) * (_logProbs[token] - _meanLogProb)
            : double.NegativeInfinity;

    /// <summary>A of one token.</summary>
    public double Advantage(int token) => _advantages[token];

    /// <summary>The next token whose covariance lies strictly between two bounds; −1 when there is none.</summary>
    /// <param name="from">The first token to look at.</param>
    /// <param name="above">Lower bound.</param>
    /// <param name="below">Upper bound.</param>
    public int Next(int from, double above, double below)
    {
        var token = from;
        if (_layout.Mask.IsEmpty)
            token = SkipOutside(token, above, below);
        for (; token < _layout.Tokens; token++)
            if (this[token] is var covariance && covariance > above && covariance < below)
                return token;
        return -1;
    }

    // Whole vectors without a token in between are passed over at once.
    private int SkipOutside(int token, double above, double below)
    {
        var (least, most, count) = (Vector256.Create(above), Vector256.Create(below), Vector256<double>.Count);
        var (advantage, logProb) = (Vector256.Create(_meanAdvantage), Vector256.Create(_meanLogProb));
        for (; token <= _layout.Tokens - count; token += count)
        {
            var covariance =
                (Vector256.Create(_advantages[token..]) - advantage) * (Vector256.Create(_logProbs[token..]) - logProb);
            if (
                Vector256.GreaterThanAny(covariance, least)
                && (Vector256.GreaterThan(covariance, least) & Vector256.LessThan(covariance, most)).AsInt64()
                    != Vector256<long>.Zero
            )
                break;
        }
        return token;
    }

    /// <summary>The tokens of highest covariance; of equals, the earlier ones.</summary>
    /// <param name="count">How many, at most the number of active tokens.</param>
    public IEnumerable<int> Highest(int count)
    {
        var kept = new PriorityQueue<int, (double, int)>(count + 1); // the least of those kept is on top
        var least = double.NegativeInfinity;
        for (
            var i = Next(0, least, double.PositiveInfinity);
            i >= 0 && count > 0;
            i = Next(i + 1, least, double.PositiveInfinity)
        )
        {
            if (kept.Count < count)
                kept.Enqueue(i, (this[i], -i));
            else
                kept.EnqueueDequeue(i, (this[i], -i));
            if (kept.Count == count && kept.TryPeek(out _, out var lowest))
                least = lowest.Item1; // only more than this gets in from now on
        }
        return kept.UnorderedItems.Select(item => item.Element);
    }
}
