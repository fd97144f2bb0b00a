namespace UniPo.Claims.Tests;

/// <summary>
/// How hard a right answer is pushed on average when each response of a group is right with a given probability.
/// </summary>
internal static class GroupWeight
{
    /// <summary>E Σ over the right responses of the group of their weights, over all numbers of right responses.</summary>
    public static double Of(PolicyObjective objective, double p, int group)
    {
        var mean = 0.0;
        for (var right = 0; right <= group; right++)
        {
            HandResponse[] responses =
            [
                .. Enumerable.Range(0, group).Select(i => new HandResponse("5", i < right ? 1 : 0, [-1])),
            ];
            var weight = objective.Evaluate(RolloutBatch.ByHand("2+3=", responses, maxTokens: 1)).Weight;
            mean +=
                Binomial(group, right)
                * Math.Pow(p, right)
                * Math.Pow(1 - p, group - right)
                * Enumerable.Range(0, right).Sum(row => weight[row, 0]);
        }
        return mean;
    }

    private static double Binomial(int n, int k)
    {
        var product = 1.0;
        for (var i = 1; i <= k; i++)
            product *= (n - k + i) / (double)i;
        return product;
    }
}
