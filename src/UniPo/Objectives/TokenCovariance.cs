namespace UniPo;

/// <summary>How strongly each token ties a high log-probability to a high advantage: what makes entropy fall.</summary>
/// <remarks>Cui et al. 2025, "The entropy mechanism of reinforcement learning for reasoning language models", section 3.</remarks>
internal readonly ref struct TokenCovariance
{
    private readonly TokenLayout _layout;
    private readonly ReadOnlySpan<double> _advantages, _logProbs;
    private readonly double _meanAdvantage, _meanLogProb;

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
    public double this[int token] => _layout.IsActive(token) ? (_advantages[token] - _meanAdvantage) * (_logProbs[token] - _meanLogProb) : double.NegativeInfinity;

    /// <summary>The tokens of highest covariance; of equals, the earlier ones.</summary>
    /// <param name="count">How many, at most the number of active tokens.</param>
    public IEnumerable<int> Highest(int count)
    {
        var kept = new PriorityQueue<int, (double, int)>(count + 1); // the least of those kept is on top
        for (var i = 0; i < _layout.Tokens; i++)
        {
            if (!_layout.IsActive(i)) continue;
            if (kept.Count < count) kept.Enqueue(i, (this[i], -i));
            else if (count > 0) kept.EnqueueDequeue(i, (this[i], -i));
        }
        return kept.UnorderedItems.Select(item => item.Element);
    }
}
