namespace UniPo.Plotly;

/// <summary>
/// Tells .NET Interactive how to show a type. The host finds this attribute by its name, so no reference to the host is needed.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The type whose <c>CreateTypeFormatters</c> gives the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>All MIME types of one output.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>The formatters of a <see cref="PlotlyView"/>, in the shape .NET Interactive looks for.</summary>
internal sealed class PlotlyFormatterSource
{
    /// <summary>One formatter for each MIME type.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new Html(), new Plain()];

    /// <summary>Writes a chart as HTML.</summary>
    internal sealed class Html
    {
        /// <summary>The MIME type.</summary>
        public string MimeType => "text/html";

        /// <summary>Writes the chart; false when the value is none.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            if (instance is not PlotlyView view)
                return false;
            writer.Write(view.ToHtml());
            return true;
        }
    }

    /// <summary>Writes a chart as text.</summary>
    internal sealed class Plain
    {
        /// <summary>The MIME type.</summary>
        public string MimeType => "text/plain";

        /// <summary>Writes the chart; false when the value is none.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            if (instance is not PlotlyView view)
                return false;
            writer.Write(view.ToString());
            return true;
        }
    }
}
