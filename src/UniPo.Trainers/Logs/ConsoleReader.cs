namespace UniPo;

/// <summary>Terminal output: every line is offered to each trainer's pattern; the trainer with the most rows wrote it.</summary>
internal static class ConsoleReader
{
    public static TrainerLog? TryRead(string path)
    {
        ConsolePattern[] patterns = [new VerlConsole(), new OpenRlhfConsole(), new SlimeConsole(), new TrlConsole()];
        foreach (var (number, line) in ConsoleLines.Of(path))
        foreach (var pattern in patterns)
            if (pattern.Take(number, line))
                break;
        foreach (var pattern in patterns)
            pattern.End();
        var best = patterns.MaxBy(p => p.Builder.Rows)!;
        return best.Builder.Rows > 0 ? best.Build(path)
            : patterns.FirstOrDefault(p => p.LooksLike) is { } empty
                ? throw new InvalidDataException(
                    $"The file '{path}' is the {empty.Kind.Name} of {empty.Kind.Trainer}, but the run ended before its first row of metrics."
                )
            : null;
    }
}

/// <summary>How one trainer writes its rows on the terminal.</summary>
internal abstract class ConsolePattern
{
    /// <summary>The rows so far.</summary>
    public RunBuilder Builder { get; } = new(mayRestart: true);

    /// <summary>Settings and the like.</summary>
    public HeaderFields Header { get; } = new();

    /// <summary>The kind of file.</summary>
    public abstract LogFormat Kind { get; }

    /// <summary>True when something other than a row shows that this trainer wrote the output.</summary>
    public virtual bool LooksLike => false;

    /// <summary>Takes a line if it is one of this trainer's.</summary>
    /// <param name="number">Number of the line, from 1.</param>
    /// <param name="line">The line, without colours.</param>
    /// <returns>True when no other trainer need look at it.</returns>
    public abstract bool Take(int number, string line);

    /// <summary>The output is over: what still waits for its row becomes one.</summary>
    public virtual void End() { }

    /// <summary>The algorithm, from the keys.</summary>
    protected abstract string? Method(IReadOnlySet<string> keys);

    public TrainerLog Build(string path) => LogBuilder.Build(path, Kind, Builder, Header, Method);

    /// <summary>Numbers of a printed dictionary; texts that are no numbers are left out.</summary>
    protected static IEnumerable<(string Key, double Value)> Numbers(IEnumerable<(string Key, string Value)> pairs)
    {
        foreach (var (key, value) in pairs)
        {
            var number = PythonLiteral.Number(value);
            if (!LogBuilder.IsPlace(key) && (!double.IsNaN(number) || PythonLiteral.IsMissing(value)))
                yield return (key, number);
        }
    }
}
