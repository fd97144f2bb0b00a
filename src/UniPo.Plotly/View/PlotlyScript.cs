using System.Reflection;
using System.Text;
using Plotly.NET;

namespace UniPo.Plotly;

/// <summary>plotly.js itself, as Plotly.NET brings it, and the rule that sends it once a session.</summary>
/// <remarks>
/// A notebook's outputs share one page, so the script (3.5 MB) goes with the first output only. When the cell that carried it
/// runs again, its new output carries it again, because the old one is gone.
/// </remarks>
internal sealed class PlotlyScript
{
    private static readonly Lazy<string> _code = new(Read);
    private readonly object _gate = new();
    private bool _sent;
    private string? _carrier;

    /// <summary>The script of this process.</summary>
    public static PlotlyScript Session { get; } = new();

    /// <summary>
    /// The script element. Module loaders of a notebook page (RequireJS) are hidden from it: it would register with them instead
    /// of giving the page <c>Plotly</c>.
    /// </summary>
    public static string Element =>
        "<script>if (!window.Plotly) (function () { var define, module, exports;\n" + _code.Value + "\n}).call(window);</script>";

    /// <summary>The script element where an output has to carry it, otherwise nothing.</summary>
    /// <param name="cell">What tells the running cell from others; null when the host does not say.</param>
    public string ForOutput(string? cell)
    {
        lock (_gate)
        {
            if (_sent && (cell is null || cell != _carrier))
                return "";
            (_sent, _carrier) = (true, cell);
            return Element;
        }
    }

    /// <summary>The text of the running cell of .NET Interactive, found by name: no package of the host is needed.</summary>
    public static string? RunningCell()
    {
        var context = AppDomain
            .CurrentDomain.GetAssemblies()
            .FirstOrDefault(a => a.GetName().Name == "Microsoft.DotNet.Interactive")
            ?.GetType("Microsoft.DotNet.Interactive.KernelInvocationContext")
            ?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)
            ?.GetValue(null);
        var command = context?.GetType().GetProperty("Command")?.GetValue(context);
        return command?.GetType().GetProperty("Code")?.GetValue(command) as string;
    }

    private static string Read()
    {
        var assembly = typeof(GenericChart).Assembly;
        var name =
            assembly.GetManifestResourceNames().FirstOrDefault(n => n.EndsWith(".min.js", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("This version of Plotly.NET brings no plotly.js along.");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        // Within a script element only this could end it early.
        return reader.ReadToEnd().Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
    }
}
