namespace UniPo.Claims.Tests;

/// <summary>
/// The gradient that an objective gives on one response of a tree: its mean and its variance over all responses.
/// </summary>
internal static class ExactGradient
{
    /// <summary>E g, with the weights that the objective itself computes for every response there is.</summary>
    /// <param name="tree">The policy.</param>
    /// <param name="objective">Judges each response by itself: its advantage must not look at the others.</param>
    /// <param name="reward">Reward of a response.</param>
    /// <param name="value">The critic: what it expects after a prefix; null for none.</param>
    /// <param name="maxTokens">Longest response allowed.</param>
    public static (Dictionary<string, double[]> Mean, double Variance) Of(
        PathTree tree,
        PolicyObjective objective,
        Func<string, double> reward,
        Func<string, double>? value = null,
        int? maxTokens = null
    )
    {
        var (mean, meanSquare) = (tree.Zero(), 0.0);
        foreach (var (text, probability) in tree.Responses())
        {
            var response = new HandResponse(text, reward(text), tree.LogProbs(text))
            {
                Values = value is null ? null : [.. Enumerable.Range(0, text.Length).Select(t => value(text[..t]))],
            };
            var weights = objective.Evaluate(RolloutBatch.ByHand("", [response], maxTokens)).Weight.Row(0).ToArray();
            tree.Push(mean, text, t => weights[t], probability);
            var own = tree.Zero();
            tree.Push(own, text, t => weights[t], 1);
            meanSquare += probability * SquaredLength(own);
        }
        return (mean, meanSquare - SquaredLength(mean));
    }

    /// <summary>|g|².</summary>
    public static double SquaredLength(Dictionary<string, double[]> gradient) => gradient.Values.Sum(g => g.Sum(x => x * x));

    /// <summary>|a − b|.</summary>
    public static double Distance(Dictionary<string, double[]> a, Dictionary<string, double[]> b) =>
        Math.Sqrt(a.Sum(pair => pair.Value.Zip(b[pair.Key], (x, y) => (x - y) * (x - y)).Sum()));
}
