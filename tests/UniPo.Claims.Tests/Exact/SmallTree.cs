using UniPo.Numerics;

namespace UniPo.Claims.Tests;

/// <summary>
/// A task of three symbols and five tokens, right when the symbols add up to 5; small enough that nothing need be sampled.
/// </summary>
internal static class SmallTree
{
    private const double CriticError = 0.1;

    private static readonly PathTree Tree = new(
        "012",
        5,
        _ => false,
        prefix => [0.2 * prefix.Length, 0, 0.3 - 0.1 * prefix.Length]
    );

    /// <summary>
    /// Distance of GAE's mean gradient from the true one, as a share of its length, and its total variance, with a critic that is
    /// not quite right.
    /// </summary>
    public static (double Bias, double Variance) Gae(double lambda)
    {
        var errors = new SeededRandom(1);
        var critic = new Dictionary<string, double>();
        double Value(string prefix)
        {
            if (!critic.TryGetValue(prefix, out var value))
                critic[prefix] = value = Tree.Mean(Reward, prefix) + CriticError * (2 * errors.NextDouble() - 1);
            return value;
        }
        var objective = Algorithms.Reinforce with
        {
            Name = "GAE",
            Advantage = new Gae { Lambda = lambda },
        };
        var truth = ExactGradient.Of(Tree, Algorithms.Reinforce, Reward).Mean;
        var (mean, variance) = ExactGradient.Of(Tree, objective, Reward, Value);
        return (ExactGradient.Distance(mean, truth) / Math.Sqrt(ExactGradient.SquaredLength(truth)), variance);
    }

    private static double Reward(string text) => text.Sum(c => c - '0') == 5 ? 1 : 0;
}
