using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace UniPo;

/// <summary>
/// An objective or a set of options as it is written down: every setting with its path, for instance <c>Clip.High = 0.2</c>.
/// </summary>
/// <remarks>
/// Read from the properties that store something, so that a part or a setting that is added later is compared without being
/// listed anywhere. Functions cannot be compared and are left out.
/// </remarks>
internal static class WrittenForm
{
    private const int Deepest = 12;
    private const string Trimmed =
        "A trimmed program lacks settings that it never reads; what is left is compared, and both sides come from the same program.";

    /// <summary>Value of a setting that is not there.</summary>
    public const string None = "none";

    /// <summary>The settings in the order of their paths.</summary>
    /// <param name="value">A record made of records, numbers and texts.</param>
    /// <param name="except">Names of properties of the outermost record that are labels only.</param>
    public static IReadOnlyList<(string Path, string Value)> Of(object value, params IReadOnlyCollection<string> except)
    {
        var settings = new List<(string, string)>();
        foreach (var property in StoredProperties(value.GetType()).Where(p => !except.Contains(p.Name)))
            Add(property.Name, property.GetValue(value), Deepest, settings);
        return settings;
    }

    private static void Add(string path, object? value, int depth, List<(string, string)> settings)
    {
        switch (value)
        {
            case Delegate:
                return;
            case null:
                settings.Add((path, None));
                return;
            case string or bool or Expression or Formula:
                settings.Add((path, value.ToString()!));
                return;
            case IFormattable number:
                settings.Add((path, number.ToString(null, CultureInfo.InvariantCulture)));
                return;
            case IEnumerable list:
                var index = 0;
                foreach (var element in list)
                    Add($"{path}[{index++}]", element, depth - 1, settings);
                settings.Add(($"{path}.Count", index.ToString(CultureInfo.InvariantCulture)));
                return;
        }
        settings.Add((path, value.GetType().Name));
        if (depth > 0)
            foreach (var property in StoredProperties(value.GetType()))
                Add($"{path}.{property.Name}", property.GetValue(value), depth - 1, settings);
    }

    /// <summary>Properties that hold a value of their own; those that are computed say nothing new.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Trimmed)]
    private static IEnumerable<PropertyInfo> StoredProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && IsStored(p))
            .OrderBy(p => p.Name, StringComparer.Ordinal);

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Trimmed)]
    private static bool IsStored(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance)
            is not null;
}
