using System.Text;
using System.Text.Json;

namespace UniPo;

/// <summary>Recognises a file by its content and hands it to the reader of its kind.</summary>
internal static class LogReader
{
    // A document that is one JSON value must be held as a whole; lines need not.
    private const long LargestDocument = 256L << 20;

    // What a file is shows in its first lines, or not at all.
    private const int LinesLookedAt = 200;

    public static TrainerLog Read(string path, LogOptions options)
    {
        if (Directory.Exists(path))
            return RolloutReader.Folder(path, options)
                ?? throw new InvalidDataException(
                    $"The folder '{path}' holds no rollout files (STEP.jsonl, train_data_stepN.jsonl, rank_N.jsonl). To compare the logs in it, read them one by one, or with TrainerLog.ReadFolder."
                );
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        var start = Start(path);
        if (start.Length == 0)
            throw new InvalidDataException($"The file '{path}' is empty.");
        try
        {
            return Recognise(path, start, options) ?? throw UnknownKind.Of(path, start);
        }
        catch (Exception fault)
            when (fault is FormatException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"The file '{path}' could not be read to its end: {fault.Message}", fault);
        }
    }

    private static TrainerLog? Recognise(string path, byte[] start, LogOptions options)
    {
        if (start.AsSpan().StartsWith("PAR1"u8))
            return TrlCompletions.Read(path, options);
        if (TensorBoardEvents.Fits(start))
            return TensorBoardEvents.Read(path);
        var text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith('{') || text.StartsWith('['))
        {
            if (Lines(path, options) is { } lines)
                return lines;
            if (new FileInfo(path).Length <= LargestDocument && Document(path) is { } document)
                return document;
        }
        return WandbCsv.TryRead(path, text) ?? ConsoleReader.TryRead(path);
    }

    private static byte[] Start(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(1 << 16, file.Length)];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Lines of JSON; null when the first lines are none or of no kind.</summary>
    private static TrainerLog? Lines(string path, LogOptions options)
    {
        LogFormat? kind = null;
        RolloutFormat? rollouts = null;
        var looked = 0;
        LineReader.Read(
            path,
            (_, line) =>
            {
                if (line[0] != '{')
                    return ++looked < LinesLookedAt;
                using var document = LenientJson.TryParse(Encoding.UTF8.GetString(line));
                if (document is { RootElement.ValueKind: JsonValueKind.Object })
                {
                    rollouts = RolloutFormat.All.FirstOrDefault(f => f.Fits(document.RootElement));
                    kind = rollouts?.Kind ?? JsonLines.Kind(document.RootElement);
                }
                return kind is null && ++looked < LinesLookedAt;
            }
        );
        if (rollouts is not null)
            return RolloutReader.Files(path, [path], rollouts, options);
        return kind is null ? null
            : kind == LogFormat.RunLog ? Own(path)
            : JsonLines.Read(path, kind);
    }

    private static TrainerLog? Document(string path)
    {
        using var document = LenientJson.TryParse(File.ReadAllText(path));
        if (document?.RootElement is not { } root)
            return null;
        if (LenientJson.Find(root, "log_history") is { ValueKind: JsonValueKind.Array } history)
            return TrainerState.Read(path, root, history);
        if (LenientJson.Find(root, "header") is { ValueKind: JsonValueKind.Object })
            return Own(path);
        return root.ValueKind == JsonValueKind.Array && TrainerState.AreRows(root)
            ? TrainerState.Read(path, default, root)
            : null;
    }

    private static TrainerLog Own(string path)
    {
        var run = RunLog.Read(path);
        var steps = run.Steps.SelectMany(s => s.Metrics.Keys).Distinct(StringComparer.Ordinal);
        return new TrainerLog
        {
            Path = path,
            Format = LogFormat.RunLog,
            Method = run.Header.Algorithm,
            Runs = [run],
            Notes = run.Stopped is { } stopped ? [stopped] : [],
            Metrics = [.. steps.Select(MetricGlossary.Find).Select(m => new MetricSource(m.Key, m.Key, m.Unit, m.Meaning))],
        };
    }

    public static IReadOnlyList<TrainerLog> ReadFolder(string folder, LogOptions options)
    {
        if (RolloutReader.Folder(folder, options) is { } rollouts)
            return [rollouts];
        var logs = new List<TrainerLog>();
        var refused = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            try
            {
                logs.Add(Read(file, options));
            }
            catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                refused.Add(Path.GetFileName(file));
            }
        if (logs.Count == 0)
            throw new InvalidDataException($"No file in the folder '{folder}' is of a kind that is read: {UnknownKind.Kinds}.");
        if (refused.Count > 0)
            logs[0] = logs[0] with
            {
                Notes =
                [
                    .. logs[0].Notes,
                    $"Left out, being of no kind that is read: {string.Join(", ", refused.Take(10))}{(refused.Count > 10 ? " …" : "")}.",
                ],
            };
        return logs;
    }
}
