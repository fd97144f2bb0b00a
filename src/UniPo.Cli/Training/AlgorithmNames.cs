using System.Reflection;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Training;

/// <summary>Algorithms by the name a command line uses: that of their property, <c>DrGrpo</c> typed as <c>dr-grpo</c>.</summary>
internal static class AlgorithmNames
{
    private static readonly Dictionary<object, string> _names = typeof(Algorithms)
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Where(p => p.PropertyType.IsAssignableTo(typeof(Objective)))
        .ToDictionary(p => p.GetValue(null)!, p => Spell(p.Name), (IEqualityComparer<object>)ReferenceEqualityComparer.Instance);

    /// <summary>The names, in the order in which the algorithms are taught.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Algorithms.All.Select(a => _names[a])];

    /// <summary>The name of one of <see cref="Algorithms"/>.</summary>
    public static string Of(Objective algorithm) => _names[algorithm];

    /// <summary>The algorithm of this name, as it is typed or as papers write it; case, dots and dashes do not matter.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static Objective Find(string name) =>
        Algorithms.All.FirstOrDefault(a => Bare(_names[a]) == Bare(name) || Bare(a.Name) == Bare(name))
        ?? throw new UsageException(
            Nearest.Of(name, All) is { } near
                ? $"There is no algorithm '{name}'. Did you mean {near}?"
                : $"There is no algorithm '{name}'; there are {string.Join(", ", All.Take(6))} and {All.Count - 6} more: see unipo train --help."
        );

    /// <summary>The names in a list typed with commas or spaces, each once.</summary>
    public static IReadOnlyList<string> Split(IEnumerable<string> words) =>
        [
            .. words
                .SelectMany(w => w.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Distinct(),
        ];

    private static string Spell(string property) =>
        string.Concat(
            property.Select(
                (c, i) => i > 0 && char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()
            )
        );

    private static string Bare(string name) =>
        string.Concat(name.Replace("++", "plusplus", StringComparison.Ordinal).Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
