namespace UniPo.Cli.Commands;

/// <summary>Logs named on the command line: files of any trainer, or folders of them.</summary>
internal static class LogFiles
{
    /// <summary>Reads every log.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="options">How.</param>
    /// <exception cref="UsageException">A path is none, empty or of no kind that is read.</exception>
    public static IReadOnlyList<TrainerLog> Read(IReadOnlyList<string> paths, LogOptions options)
    {
        if (paths.FirstOrDefault(string.IsNullOrWhiteSpace) is not null)
            throw new UsageException("The name of a log must not be empty; say, for instance, trainer_state.json.");
        return [.. paths.SelectMany(p => Read(p, options))];
    }

    private static IReadOnlyList<TrainerLog> Read(string path, LogOptions options)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new UsageException($"{path}: there is no such file.");
        if (File.Exists(path) && new FileInfo(path).Length == 0)
            throw new UsageException($"{path}: the file is empty.");
        try
        {
            var logs = Directory.Exists(path) ? TrainerLog.ReadFolder(path, options) : [TrainerLog.Read(path, options)];
            return logs.Any(l => l.Runs.Any(r => r.Steps.Count > 0))
                ? logs
                : throw new UsageException($"{path}: the log holds a header and no steps, so there is nothing to show.");
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    /// <summary>The options that a call gives.</summary>
    /// <param name="tokenizer">Path of a tokenizer.json; null for none.</param>
    public static LogOptions Options(string? tokenizer)
    {
        if (tokenizer is null)
            return new LogOptions();
        if (!File.Exists(tokenizer))
            throw new UsageException($"--tokenizer {tokenizer}: there is no such file.");
        try
        {
            return new LogOptions { Tokenizer = TokenTexts.Read(tokenizer) };
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException($"--tokenizer: {fault.Message}");
        }
    }
}
