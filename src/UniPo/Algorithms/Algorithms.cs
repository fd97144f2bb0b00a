namespace UniPo;

/// <summary>The algorithms of the field, each a value put together from the same parts.</summary>
/// <remarks>
/// As their papers give them. <c>AsIn(Framework.Trl)</c> gives what a trainer computes when it is set to the same algorithm.
/// Every one is a starting point: <c>Algorithms.Grpo with { Clip = Clip.Symmetric(0.1) }</c>.
/// </remarks>
public static partial class Algorithms
{
    /// <summary>All of them, in the order in which they are taught.</summary>
    public static IReadOnlyList<Objective> All =>
        field ??= [
            Sft,
            RejectionSampling,
            Reinforce,
            ReinforceBaseline,
            Rloo,
            ReMax,
            ReinforcePlusPlus,
            Opo,
            Trpo,
            Ppo,
            Grpo,
            Dapo,
            DrGrpo,
            Bnpo,
            Gspo,
            Cispo,
            Gmpo,
            Sapo,
            ClipCov,
            KlCov,
            Dpo,
            Ipo,
            Grape,
        ];

    /// <summary>
    /// The algorithm of this name; case, spaces, dots and hyphens do not matter. For command lines; in code, name the property.
    /// </summary>
    /// <param name="name">For instance <c>Dr. GRPO</c> or <c>drgrpo</c>.</param>
    /// <exception cref="ArgumentException">No algorithm has the name.</exception>
    public static Objective Named(string name) =>
        All.FirstOrDefault(a => Plain(a.Name) == Plain(name))
        ?? throw new ArgumentException(
            $"There is no algorithm '{name}'; there are {string.Join(", ", All.Select(a => a.Name))}."
        );

    private static string Plain(string name) =>
        string.Concat((name ?? "").Replace("++", "plusplus", StringComparison.Ordinal).Where(char.IsLetterOrDigit))
            .ToLowerInvariant();
}
