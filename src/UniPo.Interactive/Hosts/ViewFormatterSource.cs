namespace UniPo.Interactive.Hosts;

/// <summary>The formatters of every view, in the shape .NET Interactive looks for.</summary>
internal sealed class ViewFormatterSource
{
    /// <summary>MIME types of every output, the richest first.</summary>
    public static readonly string[] MimeTypes = ["text/html", "text/plain"];

    /// <summary>One formatter for each MIME type.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new Html(), new Plain()];

    /// <summary>Writes a view as HTML.</summary>
    internal sealed class Html
    {
        /// <summary>The MIME type.</summary>
        public string MimeType => MimeTypes[0];

        /// <summary>Writes the view; false when the value is none.</summary>
        public bool Format(object instance, TextWriter writer) => Formats.Html(instance, writer);
    }

    /// <summary>Writes a view as text.</summary>
    internal sealed class Plain
    {
        /// <summary>The MIME type.</summary>
        public string MimeType => MimeTypes[1];

        /// <summary>Writes the view; false when the value is none.</summary>
        public bool Format(object instance, TextWriter writer) => Formats.Plain(instance, writer);
    }
}
