using Microsoft.DotNet.Interactive.Formatting;

namespace UniPo.Cli.Hosting;

/// <summary>Turns a value into its representations, as a .NET Interactive kernel does it.</summary>
internal static class ValueBundle
{
    private const string Plain = "text/plain";
    private const string Html = "text/html";

    // The formatters put whatever has no HTML of its own into a box around its text.
    private const string BoxedText = "<div class=\"dni-plaintext\">";

    /// <summary>
    /// The value by MIME type. Rich values always bring their text along, so that a reader without HTML misses nothing.
    /// </summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The types wanted; none for those its type prefers.</param>
    public static IReadOnlyDictionary<string, string> Of(object? value, params string[] mimeTypes)
    {
        // Text in a box of HTML gains nothing; without it a stored notebook stays small and readable.
        IEnumerable<string> wanted =
            mimeTypes.Length > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value?.GetType() ?? typeof(object));
        var bundle = wanted
            .Append(Plain)
            .Distinct()
            .ToDictionary(type => type, type => value.ToDisplayString(type).Replace("\r\n", "\n", StringComparison.Ordinal));
        if (
            mimeTypes.Length == 0
            && bundle.TryGetValue(Html, out var html)
            && html.StartsWith(BoxedText, StringComparison.Ordinal)
        )
            bundle.Remove(Html);
        return bundle;
    }
}
