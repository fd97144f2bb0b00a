using System.Text.Json;

namespace UniPo;

/// <summary>Hugging Face's <c>trainer_state.json</c>, or its <c>log_history</c> alone.</summary>
internal static class TrainerState
{
    /// <summary>True when a list holds rows of a log: objects, one of which tells a step and a number beside it.</summary>
    public static bool AreRows(JsonElement list) =>
        list.EnumerateArray()
            .Take(20)
            .Any(r =>
                r.ValueKind == JsonValueKind.Object && LenientJson.Find(r, "step") is not null && LogBuilder.Numbers(r).Any()
            );

    public static TrainerLog Read(string path, JsonElement state, JsonElement history)
    {
        var builder = new RunBuilder(mayRestart: false);
        var header = new HeaderFields();
        if (LenientJson.Number(LenientJson.Find(state, "max_steps")) is > 0 and <= int.MaxValue and var planned)
            header.Steps = (int)planned;
        foreach (var name in (ReadOnlySpan<string>)["train_batch_size", "num_train_epochs", "logging_steps"])
            if (LenientJson.Number(LenientJson.Find(state, name)) is var value && double.IsFinite(value))
                header.Settings[name] = value;
        var strange = 0;
        foreach (var row in history.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Object)
                strange++;
            else if (LenientJson.Find(row, "train_runtime") is null)
                Row(row, builder);
        }
        if (strange > 0)
            builder.Note($"{strange} entries of log_history are no objects and are left out.");
        return LogBuilder.Build(
            path,
            state.ValueKind == JsonValueKind.Object ? LogFormat.TrainerState : LogFormat.LogHistory,
            builder,
            header,
            MethodNames.Trl
        );
    }

    private static void Row(JsonElement row, RunBuilder builder)
    {
        var step = LenientJson.Number(LenientJson.Find(row, "step"));
        if (step is >= 0 and <= int.MaxValue)
            builder.Add((int)step, LogBuilder.Numbers(row));
        else
        {
            builder.Note("A row without a step was given the number after the one before it.");
            builder.Add(builder.NextStep, LogBuilder.Numbers(row));
        }
    }
}
