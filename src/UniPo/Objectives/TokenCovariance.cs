namespace UniPo;

/// <summary>How strongly each token ties a high log-probability to a high advantage: what makes entropy fall.</summary>
/// <remarks>Cui et al. 2025, "The entropy mechanism of reinforcement learning for reasoning language models", section 3.</remarks>
internal static class TokenCovariance
{
    /// <summary>[ΣT] (A − mean A)·(log π − mean log π) over active tokens; −∞ on masked ones.</summary>
    public static double[] Of(TokenLayout layout, ReadOnlySpan<double> advantages, ReadOnlySpan<double> logProbs)
    {
        var tokens = Math.Max(layout.ActiveTokens, 1);
        var meanAdvantage = Masked.Sum(layout, advantages, 0, layout.Tokens) / tokens;
        var meanLogProb = Masked.Sum(layout, logProbs, 0, layout.Tokens) / tokens;
        var covariance = new double[layout.Tokens];
        for (var i = 0; i < covariance.Length; i++)
            covariance[i] = layout.IsActive(i) ? (advantages[i] - meanAdvantage) * (logProbs[i] - meanLogProb) : double.NegativeInfinity;
        return covariance;
    }
}
