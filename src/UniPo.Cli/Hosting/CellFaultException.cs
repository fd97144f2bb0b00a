namespace UniPo.Cli.Hosting;

/// <summary>A cell could not be started: it does not compile, or asks for something that cannot be had.</summary>
internal sealed class CellFaultException(string message, IReadOnlyList<string>? trace = null) : Exception(message)
{
    /// <summary>The lines to show below the message.</summary>
    public IReadOnlyList<string> Trace { get; } = trace ?? [message];
}
