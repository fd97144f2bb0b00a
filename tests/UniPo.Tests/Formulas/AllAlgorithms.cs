using System.Reflection;

namespace UniPo.Tests;

/// <summary>Every named algorithm, found by reflection so that none is forgotten.</summary>
internal static class AllAlgorithms
{
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(Algorithms)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(p => typeof(Objective).IsAssignableFrom(p.PropertyType))
            .Select(p => p.Name),
    ];

    public static Objective Named(string name) => (Objective)typeof(Algorithms).GetProperty(name)!.GetValue(null)!;
}
