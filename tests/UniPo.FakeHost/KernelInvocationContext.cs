namespace Microsoft.DotNet.Interactive;

/// <summary>A stand-in with the shape of the notebook host's running cell: what the library may rely on, and no more.</summary>
public sealed class KernelInvocationContext(string code, CancellationToken cancellation) : IDisposable
{
    private static readonly AsyncLocal<KernelInvocationContext?> _current = new();

    /// <summary>The running cell.</summary>
    public static KernelInvocationContext? Current => _current.Value;

    /// <summary>The cell's command.</summary>
    public SubmitCode Command { get; } = new(code);

    /// <summary>Set when the reader presses stop.</summary>
    public CancellationToken CancellationToken { get; } = cancellation;

    /// <summary>Everything that was shown: each output with all its states.</summary>
    public List<DisplayedValue> Outputs { get; } = [];

    /// <summary>Begins a cell.</summary>
    public static KernelInvocationContext Begin(string code, CancellationToken cancellation = default) =>
        _current.Value = new(code, cancellation);

    /// <summary>Ends the cell.</summary>
    public void Dispose() => _current.Value = null;
}

/// <summary>A cell's text.</summary>
public sealed record SubmitCode(string Code);

/// <summary>An output that can be replaced.</summary>
public sealed class DisplayedValue
{
    /// <summary>Its states, the last one is what is stored.</summary>
    public List<object> States { get; } = [];

    /// <summary>Replaces the output.</summary>
    public void Update(object updatedValue) => States.Add(updatedValue);
}

/// <summary>The method by which the host shows a value from inside a library.</summary>
public static class KernelInvocationContextExtensions
{
    /// <summary>Shows a value.</summary>
    public static DisplayedValue Display(this KernelInvocationContext context, object value, params string[] mimeTypes)
    {
        if (mimeTypes.Length == 0)
            throw new ArgumentException("At least one MIME type is expected.", nameof(mimeTypes));
        var shown = new DisplayedValue();
        shown.States.Add(value);
        context.Outputs.Add(shown);
        return shown;
    }
}
