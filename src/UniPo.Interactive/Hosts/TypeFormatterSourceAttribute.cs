namespace UniPo.Interactive.Hosts;

/// <summary>
/// Tells .NET Interactive how to show a type. The host finds this attribute by its name, so no reference to the host is needed.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The type whose <c>CreateTypeFormatters</c> gives the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>
    /// All MIME types of one output; without it the host would send HTML only, and text readers would get nothing.
    /// </summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}
