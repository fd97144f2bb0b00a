using System.Text;

namespace UniPo.Interactive;

/// <summary>The script that adds interaction to the static views, and the rule that sends it once a session.</summary>
/// <remarks>
/// A notebook's outputs share one page, so the script is sent with the first output; later outputs find the element defined. An
/// output that is shown alone has its static view. When the cell that carried the script runs again, its new output carries it
/// again, because the old one is gone.
/// </remarks>
internal sealed class WidgetBundle
{
    private static readonly Lazy<string> _code = new(Read);
    private readonly object _gate = new();
    private bool _sent;
    private string? _carrier;

    /// <summary>The bundle of this process.</summary>
    public static WidgetBundle Session { get; } = new();

    /// <summary>The script's text, safe inside a script element.</summary>
    public static string Code => _code.Value;

    /// <summary>The package's version, which the script carries too.</summary>
    public static string Version { get; } = typeof(WidgetBundle).Assembly.GetName().Version!.ToString(fieldCount: 3);

    /// <summary>The script element, for a page of its own or the first output.</summary>
    public static string Element => $"<script data-unipo-bundle=\"{Version}\">{Code}</script>";

    /// <summary>The script element where an output has to carry it, otherwise nothing.</summary>
    /// <param name="cell">What tells the running cell from others (its text, its id); null when the host does not say.</param>
    public string ForOutput(string? cell = null)
    {
        lock (_gate)
        {
            if (_sent && (cell is null || cell != _carrier))
                return "";
            (_sent, _carrier) = (true, cell);
            return Element;
        }
    }

    private static string Read()
    {
        using var stream =
            typeof(WidgetBundle).Assembly.GetManifestResourceStream("unipo.js")
            ?? throw new InvalidOperationException("The package was built without its script Widgets/dist/unipo.js.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
