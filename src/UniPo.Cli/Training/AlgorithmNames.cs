using System.Reflection;

namespace UniPo.Cli.Training;

/// <summary>Algorithms by the name a command line uses. The library itself knows no strings.</summary>
internal static class AlgorithmNames
{
    private static readonly List<(string Name, Objective Objective)> _all =
    [
        .. typeof(Algorithms).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(p => p.PropertyType.IsAssignableTo(typeof(Objective)))
            .Select(p => (Spell(p.Name), (Objective)p.GetValue(null)!)),
    ];

    /// <summary>The names, in the order in which the library declares them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. _all.Select(a => a.Name)];

    /// <summary>The algorithm of this name; case, dots and dashes do not matter.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static Objective Find(string name)
    {
        var found = _all.Find(a => Bare(a.Name) == Bare(name) || Bare(a.Objective.Name) == Bare(name));
        return found.Objective ?? throw new UsageException($"There is no algorithm '{name}'; the algorithms are {string.Join(", ", All)}.");
    }

    // DrGrpo is typed as dr-grpo.
    private static string Spell(string property) =>
        string.Concat(property.Select((c, i) => i > 0 && char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
