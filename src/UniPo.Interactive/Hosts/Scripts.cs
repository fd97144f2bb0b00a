using System.Reflection;

namespace UniPo.Interactive.Hosts;

/// <summary>Which output carries the script of the views.</summary>
internal static class Scripts
{
    private static readonly Lazy<bool> _isVerso = new(() =>
        AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == "Verso.Abstractions")
    );

    /// <summary>What stands before a view in an output of .NET Interactive.</summary>
    /// <param name="markup">The view: one without data for the script needs none, such as the pictures of a run that still
    /// goes on.</param>
    public static string ForCell(string markup) => Needs(markup) ? WidgetBundle.Session.ForOutput(Cell()) : "";

    /// <summary>What stands before a view in a host that calls <see cref="View.ToHtml"/> itself.</summary>
    public static string ForView(string markup) => _isVerso.Value && Needs(markup) ? WidgetBundle.Session.ForOutput() : "";

    // Text of readers is escaped, so it cannot look like this.
    private static bool Needs(string markup) => markup.Contains("class=\"unipo-payload\"", StringComparison.Ordinal);

    // The running cell's text tells a cell that runs again from another one. Found by name, so that no package of the host is
    // needed; a host of another shape gives null, which only means that a repeated cell does not carry the script again.
    internal static string? Cell()
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
}
