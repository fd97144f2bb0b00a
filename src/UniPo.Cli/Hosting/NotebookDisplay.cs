using UniPo.Cli.Hosting;

namespace UniPo.Cli;

/// <summary>
/// What a cell can call to show a value before its end: <c>x.Display()</c> and <c>display(x)</c>, as in other notebook hosts.
/// </summary>
public static class NotebookDisplay
{
    private static Action<Shown> _send = _ =>
        throw new InvalidOperationException("Values can be shown only while a notebook cell runs.");

    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The representations wanted, such as <c>text/html</c>; none for those the value prefers.</param>
    public static void Display<T>(this T value, params string[] mimeTypes) =>
        _send(new Shown(ValueBundle.Of(value, mimeTypes), IsResult: false));

#pragma warning disable IDE1006 // The name is that of .NET Interactive.
    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The representations wanted, such as <c>text/html</c>; none for those the value prefers.</param>
    public static void display(object? value, params string[] mimeTypes) =>
        _send(new Shown(ValueBundle.Of(value, mimeTypes), IsResult: false));
#pragma warning restore IDE1006

    /// <summary>Says where shown values go: one process runs one notebook.</summary>
    internal static void SendTo(Action<Shown> send) => _send = send;
}
