namespace UniPo.Claims.Tests;

/// <summary>A policy that answers rightly (R) or wrongly (W) and then writes 0 to 12 dots, every number equally likely.</summary>
internal static class LengthTree
{
    private const int MostDots = 12;
    private const double Right = 0.3;

    private static readonly PathTree Tree = new("RW.$", MostDots + 2, text => text.EndsWith('$'), Logits);

    /// <summary>
    /// How fast the mean length of wrong and of right responses grows along the exact gradient of very large groups.
    /// </summary>
    /// <param name="objective">Gives the weights; its advantage is the reward minus its mean.</param>
    /// <param name="tailsAreShared">True when the policy writes its dots in the same way after a right and a wrong
    /// answer.</param>
    public static (double Wrong, double Right) Drift(PolicyObjective objective, bool tailsAreShared)
    {
        // In a very large group the mean of the rewards is the probability of being right.
        var alone = objective with
        {
            Advantage = new RewardOnly(),
        };
        var gradient = ExactGradient.Of(Tree, alone, text => (text[0] == 'R' ? 1 : 0) - Right, maxTokens: MostDots + 2).Mean;
        if (tailsAreShared)
            gradient = Share(gradient);
        const double step = 1e-5;
        PathTree forth = Tree.Moved(gradient, step),
            back = Tree.Moved(gradient, -step);
        double Slope(string answer) => (forth.Mean(t => t.Length, answer) - back.Mean(t => t.Length, answer)) / (2 * step);
        return (Slope("W"), Slope("R"));
    }

    /// <summary>One parameter for both tails gets both gradients.</summary>
    private static Dictionary<string, double[]> Share(Dictionary<string, double[]> gradient) =>
        gradient.ToDictionary(
            pair => pair.Key,
            pair =>
                pair.Key.Length == 0
                    ? pair.Value
                    : [.. gradient['R' + pair.Key[1..]].Zip(gradient['W' + pair.Key[1..]], (a, b) => a + b)]
        );

    private static double[] Logits(string prefix)
    {
        const double never = double.NegativeInfinity;
        if (prefix.Length == 0)
            return [Math.Log(Right), Math.Log(1 - Right), never, never];
        var left = MostDots + 1 - (prefix.Length - 1); // numbers of dots that are still possible: the end is one of them
        return [never, never, left == 1 ? never : Math.Log(left - 1), 0];
    }
}
