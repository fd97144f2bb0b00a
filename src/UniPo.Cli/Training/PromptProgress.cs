namespace UniPo.Cli.Training;

/// <summary>
/// Tells of progress at once, on the thread that made it: the framework's <see cref="Progress{T}"/> reports later and on another
/// thread, so that lines would change places and the last news come after the table.
/// </summary>
/// <param name="hear">What is done with each piece of news.</param>
internal sealed class PromptProgress<T>(Action<T> hear) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => hear(value);
}
