using System.Text;
using System.Text.Json;

namespace UniPo;

/// <summary>Logs of one JSON object a line: FileLogger, LLaMA-Factory, ms-swift, prime-rl's and wandb's metrics.</summary>
internal static class JsonLines
{
    private static readonly string[] _stepFields =
    [
        "step",
        "train/global_step",
        "training/global_step",
        "trainer/global_step",
        "global_step",
        "current_steps",
        "_step",
    ];

    /// <summary>What kind of log a line belongs to; null when it is none.</summary>
    public static LogFormat? Kind(JsonElement line)
    {
        if (LenientJson.Find(line, "log_history") is not null)
            return null; // a whole trainer_state.json on one line
        if (
            LenientJson.Text(LenientJson.Find(line, "type")) is "header" or "step"
            || LenientJson.Find(line, "algorithm") is { ValueKind: JsonValueKind.String }
        )
            return LogFormat.RunLog;
        if (LenientJson.Find(line, "current_steps") is not null)
            return LogFormat.LlamaFactory;
        if (LenientJson.Find(line, "step") is not null && LenientJson.Find(line, "data") is { ValueKind: JsonValueKind.Object })
            return LogFormat.VerlFileLogger;
        if (LenientJson.Find(line, "global_step/max_steps") is not null)
            return LogFormat.LogHistory;
        if (!_stepFields.Any(f => double.IsFinite(LenientJson.Number(LenientJson.Find(line, f)))))
            return null;
        if (
            LenientJson.Find(line, "epoch") is not null
            && (LenientJson.Find(line, "loss") is not null || LenientJson.Find(line, "eval_loss") is not null)
        )
            return LogFormat.LogHistory;
        return line.EnumerateObject().Count(p => p.Value.ValueKind == JsonValueKind.Number) >= 2 ? LogFormat.MetricLines : null;
    }

    public static TrainerLog Read(string path, LogFormat kind)
    {
        var builder = new RunBuilder(mayRestart: true);
        var (number, broken) = (0, 0);
        var header = new HeaderFields();
        LineReader.Read(
            path,
            (_, line) =>
            {
                number++;
                using var document = LenientJson.TryParse(Encoding.UTF8.GetString(line));
                if (document is not { RootElement.ValueKind: JsonValueKind.Object })
                    broken++;
                else
                    Row(document.RootElement, kind, builder, header);
                return true;
            }
        );
        if (broken > 0)
            builder.Note($"{broken} of {number} lines were torn or no JSON and are left out.");
        return LogBuilder.Build(path, kind, builder, header, keys => Method(kind, keys));
    }

    private static string? Method(LogFormat kind, IReadOnlySet<string> keys) =>
        kind == LogFormat.LogHistory ? MethodNames.Trl(keys)
        : kind == LogFormat.LlamaFactory ? null // loss and accuracy are all it has, whatever the method
        : MethodNames.Verl(keys, null);

    private static void Row(JsonElement line, LogFormat kind, RunBuilder builder, HeaderFields header)
    {
        var row =
            kind == LogFormat.VerlFileLogger && LenientJson.Find(line, "data") is { ValueKind: JsonValueKind.Object } data
                ? data
                : line;
        if (LenientJson.Find(row, "train_runtime") is not null)
            return; // the summary behind the last row
        var step = Step(line) ?? Step(row);
        if (step is null)
            builder.Note("A row without a step was given the number after the one before it.");
        if (LenientJson.Number(LenientJson.Find(line, "total_steps")) is > 0 and <= int.MaxValue and var total)
            header.Steps = (int)total;
        builder.Add(step ?? builder.NextStep, LogBuilder.Numbers(row));
    }

    private static int? Step(JsonElement line)
    {
        if (
            LenientJson.Text(LenientJson.Find(line, "global_step/max_steps")) is { } share
            && int.TryParse(share.Split('/')[0], out var done)
        )
            return done;
        foreach (var field in _stepFields)
            if (LenientJson.Number(LenientJson.Find(line, field)) is >= 0 and <= int.MaxValue and var step)
                return (int)step;
        return null;
    }
}
