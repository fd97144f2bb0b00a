using System.Text.Json;

namespace UniPo;

/// <summary>What a log tells besides its rows.</summary>
internal sealed class HeaderFields
{
    /// <summary>Steps that were planned; 0 when unknown.</summary>
    public int Steps { get; set; }

    /// <summary>The model; null when unknown.</summary>
    public string? Model { get; set; }

    /// <summary>Settings by the trainer's own names.</summary>
    public Dictionary<string, object> Settings { get; } = new(StringComparer.Ordinal);
}

/// <summary>Ends the reading of metrics: names the method and makes the log.</summary>
internal static class LogBuilder
{
    // These are places in the file, not measurements.
    private static readonly HashSet<string> _places = new(StringComparer.Ordinal)
    {
        "step",
        "_step",
        "_timestamp",
        "_runtime",
        "time",
        "current_steps",
        "total_steps",
        "global_step",
        "train/global_step",
        "training/global_step",
        "trainer/global_step",
        "percentage",
        "total_flos",
        "train_samples_per_second",
        "train_steps_per_second",
    };

    /// <summary>True for a name that tells a place, not a measurement.</summary>
    public static bool IsPlace(string key) => _places.Contains(key);

    public static TrainerLog Build(
        string path,
        LogFormat kind,
        RunBuilder builder,
        HeaderFields fields,
        Func<IReadOnlySet<string>, string?> method
    )
    {
        if (builder.Rows == 0)
            throw new InvalidDataException($"The file '{path}' is a {kind}, but holds no row of metrics yet.");
        var name = method(builder.Keys);
        if (name == "GRPO" && kind.Trainer == "TRL" && !MethodNames.IsSurelyGrpo(builder.Keys))
            builder.Note("GRPOTrainer and RLOOTrainer write these same keys; GRPO, the more frequent one, is assumed.");
        var settings = new Dictionary<string, object>(fields.Settings) { ["log"] = Path.GetFileName(path) };
        var header = new RunHeader
        {
            Algorithm = name ?? kind.Trainer,
            Task = "unknown",
            HasSeed = false,
            Model = fields.Model ?? "unknown",
            Steps = fields.Steps,
            Hyperparameters = settings,
        };
        var runs = builder.Runs(header);
        return new TrainerLog
        {
            Path = path,
            Format = kind,
            Method = name,
            Runs = runs,
            Notes = builder.Notes(),
            Metrics = builder.Metrics,
            NotFinite = builder.NotFinite,
        };
    }

    /// <summary>The numbers of a flat object; texts that are numbers count, other texts and lists do not.</summary>
    public static IEnumerable<(string Key, double Value)> Numbers(JsonElement row)
    {
        foreach (var field in row.EnumerateObject())
        {
            if (IsPlace(field.Name))
                continue;
            switch (field.Value.ValueKind)
            {
                case JsonValueKind.Number or JsonValueKind.Null:
                    yield return (field.Name, LenientJson.Number(field.Value));
                    break;
                case JsonValueKind.String when LenientJson.Number(field.Value) is var number && double.IsFinite(number):
                    yield return (field.Name, number);
                    break;
            }
        }
    }
}
