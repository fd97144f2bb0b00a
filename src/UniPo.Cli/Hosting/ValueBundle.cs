using Microsoft.DotNet.Interactive.Formatting;

namespace UniPo.Cli.Hosting;

/// <summary>Turns a value into its representations, as a .NET Interactive kernel does it.</summary>
internal static class ValueBundle
{
    private const string Plain = "text/plain";

    /// <summary>The value by MIME type. Rich values always bring their text along, so that a reader without HTML misses nothing.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The types wanted; none for those its type prefers.</param>
    public static IReadOnlyDictionary<string, string> Of(object? value, params string[] mimeTypes)
    {
        // A number or a word gains nothing from a box of HTML around it; a stored notebook stays small and readable.
        if (mimeTypes.Length == 0 && value is null or string or IFormattable { } and (ValueType and not DateTime))
            return new Dictionary<string, string> { [Plain] = value.ToDisplayString(Plain) };

        IEnumerable<string> wanted = mimeTypes.Length > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value?.GetType() ?? typeof(object));
        if (!wanted.Contains(Plain)) wanted = wanted.Append(Plain);
        return wanted.Distinct().ToDictionary(
            type => type, type => value.ToDisplayString(type).Replace("\r\n", "\n", StringComparison.Ordinal));
    }
}
